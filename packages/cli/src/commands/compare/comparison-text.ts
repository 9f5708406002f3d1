import type { Metrics } from '@rewardbook/domain/close/result';
import type { ComparedPolicy, Comparison, CreatorChange } from '@rewardbook/simulate/whatif/compare';
import { type Column, grouped, groupedCount, renderFacts, renderTable } from '../../terminal/table.ts';

const CREATORS_SHOWN = 10;

const MEASURES: readonly (readonly [string, keyof Metrics])[] = [
  ['creators with points', 'creators'],
  ['gini', 'gini'],
  ['top 1%', 'top1Share'],
  ['top 10%', 'top10Share'],
  ['palma', 'palma'],
  ['hhi', 'hhi'],
  ['theil t', 'theilT'],
];

const right = (...titles: string[]): Column[] => titles.map((title) => ({ title, align: 'right' }));

/** A comparison for people: totals, measures, deciles, and who wins and loses most. */
export function describeComparison(comparison: Comparison): string {
  const { a, b, creators, winners, losers, unchanged, moneyMoved, deciles, metrics } = comparison;
  const facts = renderFacts([
    ['a', describePolicy(a)],
    ['b', describePolicy(b)],
    ['winners', groupedCount(winners)],
    ['losers', groupedCount(losers)],
    ['unchanged', groupedCount(unchanged)],
    ['money moved', grouped(moneyMoved)],
  ]);
  const measures = renderTable(
    [{ title: 'over all periods' }, ...right('a', 'b')],
    [
      ['pools', grouped(a.funded), grouped(b.funded)],
      ['allocated', grouped(a.allocated), grouped(b.allocated)],
      ['undistributed', grouped(a.undistributed), grouped(b.undistributed)],
      ...MEASURES.map(([title, key]) => [title, String(metrics.a[key] ?? '-'), String(metrics.b[key] ?? '-')]),
    ],
  );
  const byDecile = renderTable(
    right('decile', 'creators', 'winners', 'losers', 'unchanged', 'before', 'after', 'difference'),
    deciles.map((row) => [
      `${row.decile}`,
      groupedCount(row.creators),
      groupedCount(row.winners),
      groupedCount(row.losers),
      groupedCount(row.unchanged),
      grouped(row.before),
      grouped(row.after),
      signed(row.difference),
    ]),
  );
  return [
    facts,
    measures,
    `Creators by what a gives them, in tenths, 1 the smallest\n${byDecile}`,
    changesTable(
      'Who wins most',
      largest(creators, (text) => text),
    ),
    changesTable('Who loses most', largest(creators, negated)),
  ]
    .filter((part) => part !== '')
    .join('\n');
}

function describePolicy({ program, allocation, policyHash }: ComparedPolicy): string {
  const { method, lambda, maxShare } = allocation;
  const details = [method, lambda && `lambda ${lambda}`, maxShare && `at most ${maxShare} each`].filter(Boolean);
  return `${program}, ${details.join(', ')}, policy ${policyHash.slice(0, 12)}`;
}

function changesTable(title: string, rows: readonly CreatorChange[]): string {
  if (rows.length === 0) {
    return '';
  }
  const columns = [{ title: 'creator' }, ...right('before', 'after', 'difference', 'rank before', 'rank after')];
  const cells = rows.map((row) => [
    row.creatorId,
    grouped(row.before),
    grouped(row.after),
    signed(row.difference),
    groupedCount(row.rankBefore),
    groupedCount(row.rankAfter),
  ]);
  return `${title}\n${renderTable(columns, cells)}`;
}

/** Those with the largest positive value of `difference` as `read` gives it; ties stay in the order of their ids. */
function largest(creators: readonly CreatorChange[], read: (difference: string) => string): CreatorChange[] {
  const units = ({ difference }: CreatorChange): bigint => BigInt(read(difference).replace('.', ''));
  return creators
    .filter((creator) => units(creator) > 0n)
    .sort((x, y) => (units(y) > units(x) ? 1 : units(y) < units(x) ? -1 : 0))
    .slice(0, CREATORS_SHOWN);
}

function negated(decimal: string): string {
  return decimal.startsWith('-') ? decimal.slice(1) : `-${decimal}`;
}

/** A decimal with its sign, also where it is positive. */
function signed(decimal: string): string {
  return decimal.startsWith('-') || /^[0.]+$/.test(decimal) ? grouped(decimal) : `+${grouped(decimal)}`;
}
