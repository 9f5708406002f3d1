import { parseCreatorsCsv } from '@rewardbook/contracts/files/creators-csv';
import { parseDecimal } from '@rewardbook/money/decimal';
import { z } from 'zod';
import { type Client, path, queryOf } from '../../client/client.ts';
import { type Column, grouped, groupedCount, renderFacts, renderTable } from '../../terminal/table.ts';

const payoutRow = z.object({
  creator_id: z.string(),
  likes: z.int(),
  follows: z.int(),
  points: z.string(),
  gross: z.string(),
  status: z.string(),
  allocated: z.string(),
});

const summaryRow = z.object({
  currency: z.string(),
  revenue: z.string(),
  share: z.string(),
  rolled_over: z.string(),
  pool: z.string(),
  allocated: z.string(),
  undistributed: z.string(),
  creators: z.int(),
  gini: z.string().nullable(),
  result_hash: z.string(),
});

const CREATORS_SHOWN = 10;

const COLUMNS: readonly Column[] = [
  { title: 'creator' },
  { title: 'handle' },
  { title: 'likes', align: 'right' },
  { title: 'follows', align: 'right' },
  { title: 'points', align: 'right' },
  { title: 'amount', align: 'right' },
];

/** Handles by creatorId, from the creators file of a pack. */
export async function handlesOf(creatorsCsv: string): Promise<ReadonlyMap<string, string>> {
  const parsed = await parseCreatorsCsv(creatorsCsv);
  return new Map(parsed.ok ? parsed.value.map(({ creatorId, handle }) => [creatorId, handle ?? '']) : []);
}

/** A closed period for people: totals, and who gets most; all from payout-reports. */
export async function describePayouts(
  client: Client,
  program: string,
  period: string,
  handles: ReadonlyMap<string, string>,
): Promise<string> {
  const [summary] = await rowsOf(client, program, 'summary', period, summaryRow);
  const payouts = await rowsOf(client, program, 'payouts', period, payoutRow);
  if (summary === undefined) {
    throw new Error(`The summary of ${period} has no row`);
  }
  const byAmount = payouts
    .map((row) => ({ row, amount: parseDecimal(row.allocated) }))
    .sort((a, b) => b.amount.comparedTo(a.amount));
  const rows = byAmount
    .slice(0, CREATORS_SHOWN)
    .map(({ row }) => [
      row.creator_id,
      handles.get(row.creator_id) ?? '',
      groupedCount(row.likes),
      groupedCount(row.follows),
      grouped(row.points),
      grouped(row.allocated),
    ]);
  const paid = byAmount.filter(({ amount }) => amount.greaterThan(0)).length;
  const money = (amount: string): string => `${summary.currency} ${grouped(amount)}`;
  const facts: [string, string][] = [
    ['revenue', money(summary.revenue)],
    ['share', summary.share],
    ['rolled over', money(summary.rolled_over)],
    ['pool', money(summary.pool)],
    ['allocated', money(summary.allocated)],
    ['undistributed', money(summary.undistributed)],
    ['creators', `${groupedCount(payouts.length)}, ${groupedCount(paid)} of them earn; Gini ${summary.gini ?? '-'}`],
    ['result hash', summary.result_hash],
  ];
  return `Payouts of ${period}\n\n${renderTable(COLUMNS, rows)}\n${renderFacts(facts)}`;
}

async function rowsOf<Row extends z.ZodType>(
  client: Client,
  program: string,
  report: 'summary' | 'payouts',
  period: string,
  row: Row,
): Promise<z.output<Row>[]> {
  const answer = await client.json(
    {
      service: 'reports',
      scope: 'read',
      path: path`/v1/programs/${program}/reports/${report}` + queryOf({ period, format: 'json' }),
    },
    z.object({ rows: z.array(row) }),
  );
  return answer.rows;
}
