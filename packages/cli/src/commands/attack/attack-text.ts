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
