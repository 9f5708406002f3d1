import type { AllocationPolicy, Policy } from '@rewardbook/domain/policy/policy';
import { describe, expect, it } from 'vitest';
import { likes, simulated } from '../closes/test-story.ts';
import { outcomeUnder } from '../whatif/outcome.ts';
import { type Manipulation, searchManipulation } from './search.ts';

const TRIALS = 80;
const search = (allocation: AllocationPolicy, manipulation: Manipulation) =>
  searchManipulation(simulated({ allocation }).policy, manipulation, TRIALS, 1);

describe('searchManipulation', () => {
  it.each([
    ['pro-rata', false],
    ['user-centric', false],
    ['engaged-equal', true],
    ['equal', true],
    ['square-root', true],
  ] as const)('splitting an account in two under %s pays: %s', (method, pays) => {
    const found = search({ method }, 'split');
    expect(found.gained > 0).toBe(pays);
    expect(found.example === null).toBe(!pays);
  });

  it('splitting pays where a cap can be passed by', () => {
    expect(search({ method: 'pro-rata', maxShare: '0.3' }, 'split').gained).toBeGreaterThan(0);
  });

  it('under user-centric a fake viewer moves at most one part of the pool per viewer, pro rata more', () => {
    expect(Number(search({ method: 'user-centric' }, 'fake-viewers').perViewer)).toBeLessThanOrEqual(1);
    expect(Number(search({ method: 'engaged-equal' }, 'fake-viewers').perViewer)).toBeLessThanOrEqual(1);
    expect(Number(search({ method: 'pro-rata' }, 'fake-viewers').perViewer)).toBeGreaterThan(1);
  });

  it('gives an example that holds, and the same one every time', () => {
    const found = search({ method: 'equal' }, 'split');
    const { before = '', likes: world = [] } = found.example ?? {};
    expect(search({ method: 'equal' }, 'split')).toEqual(found);
    const creators = new Set(world.map((line) => line.split(' ')[1]));
    expect(before).toBe(String(10n ** 12n / BigInt(creators.size)));
  });

  it('leaves rules and conditions out', () => {
    const strict: Partial<Policy> = { risk: { maxLikesPerPair: 1 }, allocation: { method: 'equal' } };
    expect(searchManipulation(simulated(strict).policy, 'split', TRIALS, 1)).toEqual(
      search({ method: 'equal' }, 'split'),
    );
  });
});

it('outcomes say what rules excluded', () => {
  const inputs = { creators: [], revenue: new Map([['2026-10', 10n]]) };
  const { excluded } = outcomeUnder(simulated({ risk: { blockedViewers: ['v1'] } }), inputs, likes({ a: 3, b: 2 }));
  expect([...excluded]).toEqual([['blockedViewers', 2]]);
});
