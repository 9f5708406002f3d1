import { csvLines } from '@rewardbook/contracts/files/csv-lines';
import type { AttackResult } from '@rewardbook/simulate/attack/attack';
import { type Column, grouped, groupedCount, renderFacts, renderTable } from '../../terminal/table.ts';

const right = (...titles: string[]): Column[] => titles.map((title) => ({ title, align: 'right' }));

/** Results of an attack for people, a row for each policy and set of rules. */
export function describeAttack(
  kind: string,
  creatorIds: readonly string[],
  currency: string,
  results: readonly AttackResult[],
): string {
  const [first] = results;
  const facts = renderFacts([
    ['attack', `${kind} for ${creatorIds.join(', ')}`],
    ['fake events', groupedCount(first?.fakeEvents ?? 0)],
    ['accounts', groupedCount(first?.accounts ?? 0)],
    ['cost', `${currency} ${grouped(first?.cost ?? '0')}`],
  ]);
  const table = renderTable(
    [
      { title: 'policy' },
      { title: 'rules' },
      ...right('before', 'after', 'gain', 'per event', 'break-even', 'profit', 'others lose', 'losers'),
      { title: 'stopped by' },
    ],
    results.map((row) => [
      row.policy,
      row.rules,
      grouped(row.before),
      grouped(row.after),
      grouped(row.gain),
      row.gainPerEvent ?? '-',
      row.breakEvenPrice ?? '-',
      grouped(row.profit),
      grouped(row.honestLoss),
      groupedCount(row.losers),
      stoppedBy(row),
    ]),
  );
  return `${facts}\n${table}`;
}

function stoppedBy({ excluded, suspected }: AttackResult): string {
  const rules = excluded
    .filter(({ events }) => events > 0)
    .map(({ rule, events }) => `${rule} ${groupedCount(events)}`);
  const listed = suspected === null || suspected === 0 ? [] : [`lockstep lists ${groupedCount(suspected)} viewers`];
  return [...rules, ...listed].join(', ');
}

/** Results of an attack as CSV. */
export function attackCsv(results: readonly AttackResult[]): string {
  const titles = [
    ...['policy', 'rules', 'policy_hash', 'before', 'after', 'gain', 'fake_events', 'accounts', 'excluded_events'],
    ...['suspected', 'gain_per_event', 'break_even_price', 'cost', 'profit', 'honest_loss', 'undistributed_change'],
    ...['losers', 'hardest_hit', 'hardest_hit_loss'],
  ];
  const rows = results.map((row) => [
    ...[row.policy, row.rules, row.policyHash, row.before, row.after, row.gain, row.fakeEvents, row.accounts],
    row.excluded.reduce((sum, { events }) => sum + events, 0),
    ...[row.suspected, row.gainPerEvent, row.breakEvenPrice, row.cost, row.profit, row.honestLoss],
    ...[row.undistributedChange, row.losers, row.hardestHit?.creatorId ?? null, row.hardestHit?.loss ?? null],
  ]);
  return csvLines([titles, ...rows]);
}
