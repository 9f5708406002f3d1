import { QUESTION_DEFAULTS } from '@rewardbook/contracts/api/lab-limits';
import type { Policy } from '@rewardbook/domain/policy/policy';
import type { z } from 'zod';
import type { labAttackSearchSchema } from '../address/lab-search.ts';
import type { DeskQuestion } from '../worker/messages.ts';

export type AttackSearch = z.output<typeof labAttackSearchSchema>;

export const KINDS = {
  'bought-followers': 'Bought followers',
  'fake-viewers': 'Fake viewers who like',
  'like-ring': 'A ring of creators who like each other',
  toggling: 'Likes given and taken back',
  whale: 'One viewer who likes without end',
  split: 'One account split into several',
} as const;

export type AttackKind = keyof typeof KINDS;

export function kindOf({ kind }: AttackSearch): AttackKind {
  return kind !== undefined && kind in KINDS ? (kind as AttackKind) : 'bought-followers';
}

/** What the address asks, about both policies under the names of the files that the command has. */
export function attackQuestion(search: AttackSearch, a: Policy, b: Policy): DeskQuestion {
  const { size = QUESTION_DEFAULTS.fakeEvents, accounts, hours, cost = '0', accountCost = '0' } = search;
  const creatorIds = wordsOf(search.creator);
  return {
    question: 'attack',
    policies: [
      { name: 'baseline.yaml', policy: a },
      { name: 'candidate.yaml', policy: b },
    ],
    kind: kindOf(search),
    creatorIds: creatorIds.length === 0 ? undefined : creatorIds,
    ...{ size, accounts, hours, cost, accountCost, rules: wordsOf(search.rules) },
  };
}

/** The same as options of the command. */
export function attackOptions(search: AttackSearch): string[] {
  const { size = QUESTION_DEFAULTS.fakeEvents, accounts, hours, cost = '0', accountCost = '0' } = search;
  const [creatorIds, rules] = [wordsOf(search.creator), wordsOf(search.rules)];
  return [
    ...['--kind', kindOf(search), '--size', `${size}`],
    ...(accounts === undefined ? [] : ['--accounts', `${accounts}`]),
    ...(hours === undefined ? [] : ['--hours', `${hours}`]),
    ...['--cost', cost, '--account-cost', accountCost],
    ...(creatorIds.length === 0 ? [] : ['--creator', ...creatorIds]),
    ...(rules.length === 0 ? [] : ['--rule', ...rules]),
  ];
}

function wordsOf(text: string | undefined): string[] {
  return text?.split(/[\s,]+/).filter((word) => word !== '') ?? [];
}
