import type { PeriodResult } from '@rewardbook/domain/close/result';
import { type Column, grouped, groupedCount, renderFacts, renderTable } from './table.ts';

const CREATORS_SHOWN = 10;

const CREATOR_COLUMNS: readonly Column[] = [
  { title: 'creator' },
  { title: 'likes', align: 'right' },
  { title: 'follows', align: 'right' },
  { title: 'points', align: 'right' },
  { title: 'amount', align: 'right' },
];

/** A result from the simulator, or one read from an answer. */
type ShownResult = Omit<PeriodResult, 'excluded'> & {
  readonly excluded: readonly { readonly rule: string; readonly events: number; readonly points: string }[];
};

/** A period's result for people: the figures, who gets most, what was excluded. */
export function describeResult(result: ShownResult): string {
  const { creators, excluded, metrics } = result;
  // Amounts of one currency have equally many decimals: the longer is the larger, and equally long ones compare as text.
  const byAmount = [...creators].sort(
    (a, b) => b.amount.length - a.amount.length || (a.amount < b.amount ? 1 : a.amount > b.amount ? -1 : 0),
  );
  const rows = byAmount
    .slice(0, CREATORS_SHOWN)
    .map(({ creatorId, netLikes, netFollows, points, amount }) => [
      creatorId,
      groupedCount(netLikes),
      groupedCount(netFollows),
      grouped(points),
      grouped(amount),
    ]);
  const facts: [string, string][] = [
    ['period', result.period],
    ['revenue', grouped(result.revenue)],
    ['pool', grouped(result.pool)],
    ['allocated', grouped(result.allocated)],
    ['undistributed', grouped(result.undistributed)],
    ['creators', `${groupedCount(creators.length)}, ${groupedCount(metrics.creators)} of them with points`],
    ['gini', metrics.gini ?? '-'],
    ...(result.commissions === undefined
      ? []
      : [['commissions', `${groupedCount(result.commissions.length)} for scouts`] satisfies [string, string]]),
    ...excluded.map(({ rule, events, points }): [string, string] => [
      `excluded: ${rule}`,
      `${groupedCount(events)} events, ${grouped(points)} points`,
    ]),
    ...lockstepFacts(result.lockstep),
    ['policy hash', result.policyHash],
    ['result hash', result.resultHash],
  ];
  const more = creators.length > CREATORS_SHOWN ? `… and ${groupedCount(creators.length - CREATORS_SHOWN)} more\n` : '';
  return `${renderFacts(facts)}${rows.length === 0 ? '' : `\n${renderTable(CREATOR_COLUMNS, rows)}${more}`}`;
}

/** How many there are to look at; who they are is in the JSON. */
function lockstepFacts(groups: ShownResult['lockstep']): [string, string][] {
  if (groups === undefined) {
    return [];
  }
  const viewers = groups.reduce((sum, group) => sum + group.viewers.length, 0);
  return [['in lockstep', `${groupedCount(groups.length)} groups, ${groupedCount(viewers)} viewers`]];
}
