import type { AdversaryKind } from '@rewardbook/simulate/generator/scenario';
import { describe, expect, it } from 'vitest';
import { testPolicy } from '../test-policy.ts';
import { attackOutline, attackPlan, furtherRules } from './attack-plan.ts';

const POLICY = testPolicy();
const ASKED = {
  question: 'attack',
  policies: [],
  creators: [],
  revenue: [],
  creatorIds: undefined,
  size: 50,
  accounts: undefined,
  hours: undefined,
  cost: '0',
  accountCost: '0',
  rules: [],
} as const;
const PERIODS = ['2026-10', '2026-09'];
const plan = (kind: AdversaryKind, accounts?: number) =>
  attackPlan(attackOutline({ ...ASKED, kind, accounts }, POLICY, PERIODS), ['a', 'b', 'c']);

describe('the plan of an attack', () => {
  it.each<[AdversaryKind, number, number, number]>([
    ['bought-followers', 50, 50, 9],
    ['fake-viewers', 50, 3, 9],
    ['like-ring', 50, 3, 3],
    ['toggling', 50, 5, 9],
    ['whale', 50, 1, 1],
    ['split', 0, 2, 9],
  ])('of %s has %i events, and %i accounts unless it has those asked for: %i', (kind, events, usual, asked) => {
    expect(plan(kind)).toMatchObject({ events, accounts: usual, creatorIds: ['a', 'b', 'c'] });
    expect(plan(kind, 9).accounts).toBe(asked);
  });

  it('lasts from the start of the first period to the end of the last, or for hours', () => {
    const [start, end] = [Date.UTC(2026, 8, 1), Date.UTC(2026, 10, 1)];
    expect(attackOutline({ ...ASKED, kind: 'whale' }, POLICY, PERIODS)).toMatchObject({ start, end });
    const hours = (hours: number) => attackOutline({ ...ASKED, kind: 'whale', hours }, POLICY, PERIODS).end;
    expect([hours(2), hours(100_000)]).toEqual([start + 7_200_000, end]);
  });
});

describe('furtherRules', () => {
  it('makes each the only rule', () => {
    const ruled = testPolicy({ risk: { minViewerAgeHours: 24 } });
    expect(furtherRules(ruled, ['maxLikesPerPair=10'])).toEqual([['maxLikesPerPair=10', { maxLikesPerPair: 10 }]]);
  });

  it.each(['maxLikes=1', 'maxLikesPerPair', '=1', 'maxLikesPerPair=none'])('refuses %s', (rule) => {
    expect(() => furtherRules(POLICY, [rule])).toThrow(`rule ${rule}: `);
  });
});
