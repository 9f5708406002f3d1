import { PAYOUT_SORTS, payoutTotalsSchema } from '@rewardbook/contracts/api/payout-list';
import { type PayoutOut, payoutOutSchema, runsPageSchema } from '@rewardbook/contracts/api/payout-runs';
import { payoutRowSchema, reportSchema, runPayoutTotalsSchema } from '@rewardbook/contracts/api/reports';
import { changedPayoutSchema, runChangesSchema } from '@rewardbook/contracts/api/run-changes';
import type { PayoutFilter } from '@rewardbook/db/lists/payouts';
import { keepOrder, listsToSort } from '@rewardbook/db/lists/sheets';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ListedSystem, openListedSystem } from './listed-system.ts';
import { compareDecimals, containsText, readList, sorted, sumDecimals, withQuery } from './read-list.ts';

const FIRST = '2024-09-1';
const SECOND = '2024-10-1';
/** A run of its own that is long enough for several sheets of its kept order; written straight into its tables. */
const LONG = '2024-09-7';
const LONG_ROWS = 1_700;

const FILTERS: readonly PayoutFilter[] = [
  {},
  { status: 'due' },
  { status: 'waiting' },
  { status: 'returned' },
  { reason: 'below-minimum' },
  { reason: 'incomplete' },
  { reason: 'on-hold' },
  { reason: 'not-above-zero' },
  { find: 'C0' },
  { find: '%' },
  { find: '_' },
  { find: '\\' },
  { prefix: 'c0' },
  { prefix: '\u0645' },
  { status: 'due', netFrom: '200.00', netTo: '300.00' },
  { availableFrom: '0.00', availableTo: '99.99' },
  { find: 'nobody has this' },
];

/** Each asks hundreds of times. */
vi.setConfig({ testTimeout: 180_000 });

let system: ListedSystem;

beforeAll(async () => {
  system = await openListedSystem();
  await addLongRun(system);
});
afterAll(() => system?.close());

async function addLongRun({ service: { books }, programId }: ListedSystem): Promise<void> {
  await books.owner`
    INSERT INTO payout_run (program_id, run_no, run_id, period, status, policy_version, drafted_by, drafted_seq, creators_version,
                            content_hash, payout_count, waiting_count, gross, withheld, net)
    SELECT program_id, 77, ${LONG}, period, 'draft', 1, 'nobody', drafted_seq, creators_version, content_hash, 1, 1, 0, 0, 0
    FROM payout_run WHERE program_id = ${programId} AND run_id = ${FIRST}`;
  await books.owner`
    INSERT INTO payout (program_id, creator_id, run_no, payout_number, available, gross, taxed_before, withheld, net, status, reason)
    SELECT ${programId}, 'x' || lpad((n * 7919 % ${LONG_ROWS}::integer)::text, 5, '0'), 77,
           CASE WHEN n % 5 > 0 THEN n END, n % 23, n % 13, 0, 0, n % 13,
           CASE WHEN n % 5 > 0 THEN 'due' ELSE 'waiting' END, CASE WHEN n % 5 = 0 THEN 'incomplete' END
    FROM generate_series(0, ${LONG_ROWS - 1}::integer) AS n`;
}

const listPath = (run: string): string => `/payout-runs/${run}/payouts`;

function readPayouts(run: string, query: Readonly<Record<string, string | number | undefined>>): Promise<PayoutOut[]> {
  return readList(system, 'ledger', listPath(run), payoutOutSchema, query);
}

function fits(filter: PayoutFilter, { creatorId, status, reason, net, available }: PayoutOut): boolean {
  const isDue = status !== 'waiting';
  const isBetween = (amount: string, from = amount, to = amount): boolean =>
    compareDecimals(from, amount) <= 0 && compareDecimals(amount, to) <= 0;
  return (
    (filter.status === undefined ||
      (filter.status === 'returned' ? status === 'returned' : filter.status === 'due' ? isDue : !isDue)) &&
    (filter.reason === undefined || reason === filter.reason) &&
    (filter.find === undefined || containsText(creatorId, filter.find)) &&
    (filter.prefix === undefined || creatorId.startsWith(filter.prefix)) &&
    isBetween(net, filter.netFrom, filter.netTo) &&
    isBetween(available, filter.availableFrom, filter.availableTo)
  );
}

describe.each([
  { run: FIRST, limit: 7, filters: FILTERS },
  { run: SECOND, limit: 19, filters: FILTERS },
  { run: LONG, limit: 230, filters: FILTERS.slice(0, 3) },
])('the payouts of $run', ({ run, limit, filters }) => {
  it.each(['before', 'after'])(
    'page by page are those of one query, in every order and under every filter, %s the order is kept',
    async (when) => {
      if (when === 'after') {
        const { sql } = system.service.books;
        const [row] = await sql<{ no: number }[]>`SELECT run_no AS no FROM payout_run WHERE run_id = ${run}`;
        const list = { programId: system.programId, list: 'payouts', listNo: row?.no ?? 0 } as const;
        expect([await keepOrder(sql, list), await keepOrder(sql, list)]).toEqual([true, false]);
      }
      const all = await readPayouts(run, { limit: 1_000 });
      expect(all.length).toBeGreaterThan(30);
      const faults: string[] = [];
      for (const filter of filters) {
        const expected = all.filter((row) => fits(filter, row));
        for (const sort of PAYOUT_SORTS) {
          for (const order of ['asc', 'desc'] as const) {
            const key = sort === 'creator' ? undefined : (row: PayoutOut) => row[sort];
            const wanted = sorted(expected, order, ({ creatorId }) => creatorId, key);
            const read = await readPayouts(run, { ...filter, sort, order, limit });
            if (JSON.stringify(read) !== JSON.stringify(wanted)) {
              faults.push(`${JSON.stringify({ ...filter, sort, order })}: ${read.length} beside ${wanted.length}`);
            }
          }
        }
      }
      expect(faults).toEqual([]);
    },
  );
});

it('totals are the sums of what the filter leaves, and the report has the same creators with the same sums', async () => {
  for (const filter of FILTERS) {
    const rows = await readPayouts(FIRST, { ...filter, limit: 1_000 });
    const sum = (column: 'available' | 'gross' | 'withheld' | 'net'): string =>
      sumDecimals(
        rows.map((row) => row[column]),
        2,
      );
    const { body } = await system.get('ledger', withQuery(`${listPath(FIRST)}/totals`, { ...filter }));
    expect(payoutTotalsSchema.parse(body), JSON.stringify(filter)).toEqual({
      count: rows.length,
      available: sum('available'),
      gross: sum('gross'),
      withheld: sum('withheld'),
      net: sum('net'),
    });

    const report = await system.get(
      'reports',
      withQuery('/reports/payouts', { ...filter, run: FIRST, format: 'json' }),
    );
    const exported = reportSchema(payoutRowSchema).parse(report.body).rows;
    expect(exported.map((row) => [row.creator_id, row.status, row.payout_id])).toEqual(
      rows.map((row) => [row.creatorId, row.status, row.payoutId]),
    );
    const csv = await system.get('reports', withQuery('/reports/payouts', { ...filter, run: FIRST, format: 'csv' }));
    expect(csv.text.trimEnd().split('\n')).toHaveLength(rows.length + 1);

    const sums = await system.get('reports', withQuery('/reports/payouts/totals', { ...filter, run: FIRST }));
    const totals = runPayoutTotalsSchema.parse(sums.body);
    for (const column of ['allocated', 'held', 'gross', 'withholding', 'net', 'carried_in', 'carried_out'] as const) {
      expect({ column, sum: totals[column] }).toEqual({
        column,
        sum: sumDecimals(
          exported.map((row) => row[column]),
          2,
        ),
      });
    }
    expect(totals.count).toBe(rows.length);
  }
});

it('starts at a creator, or at the next one', async () => {
  const all = await readPayouts(FIRST, { limit: 1_000 });
  for (const from of ['c05', 'c05x', '..', 'zzzz', '\u{10FFFF}']) {
    const up = await readPayouts(FIRST, { from, limit: 5 });
    expect(up).toEqual(all.filter(({ creatorId }) => Buffer.compare(Buffer.from(creatorId), Buffer.from(from)) >= 0));
    const down = await readPayouts(FIRST, { from, limit: 5, order: 'desc' });
    expect(down).toEqual(
      all.filter(({ creatorId }) => Buffer.compare(Buffer.from(creatorId), Buffer.from(from)) <= 0).toReversed(),
    );
  }
});

it('refuses a cursor of another order, amounts that are not decimals, and a start where it is not sorted by creator', async () => {
  const { body } = await system.get('ledger', withQuery(listPath(FIRST), { limit: 3, sort: 'net' }));
  const { nextCursor } = body as { nextCursor: string };
  const refused = async (query: Readonly<Record<string, string>>): Promise<number> =>
    (await system.get('ledger', withQuery(listPath(FIRST), query))).status;
  expect(await refused({ cursor: nextCursor, sort: 'net' })).toBe(200);
  expect(await refused({ cursor: nextCursor, sort: 'net', order: 'desc' })).toBe(400);
  expect(await refused({ cursor: nextCursor })).toBe(400);
  const forged = Buffer.from(JSON.stringify(['net:asc', '1); DROP TABLE payout; --', 'c'])).toString('base64url');
  expect(await refused({ cursor: forged, sort: 'net' })).toBe(400);
  expect(await refused({ sort: 'net; DROP TABLE payout' })).toBe(400);
  expect(await refused({ netFrom: '1e9' })).toBe(400);
  expect(await refused({ sort: 'net', from: 'c1' })).toBe(400);
  expect((await system.get('reports', '/reports/payouts?status=due')).status).toBe(400);
});

it('a run says what changed since the run before: in all, by kind, and creator by creator', async () => {
  const before = (await readPayouts(FIRST, { limit: 1_000 })).filter(({ status }) => status !== 'waiting');
  const now = (await readPayouts(SECOND, { limit: 1_000 })).filter(({ status }) => status !== 'waiting');
  const { body } = await system.get('ledger', `/payout-runs/${SECOND}/changes`);
  const changes = runChangesSchema.parse(body);
  const list = await readList(system, 'ledger', `/payout-runs/${SECOND}/changes/creators`, changedPayoutSchema, {
    limit: 9,
  });
  const netOf = (rows: readonly PayoutOut[]) => new Map(rows.map(({ creatorId, net }) => [creatorId, net]));
  const [then, later] = [netOf(before), netOf(now)];
  const creators = sorted([...new Set([...then.keys(), ...later.keys()])], 'asc', (id) => id);
  expect(list.map(({ creatorId, before: b, now: n }) => [creatorId, b, n])).toEqual(
    creators.map((id) => [id, then.get(id) ?? '0.00', later.get(id) ?? '0.00']),
  );
  expect(new Set(list.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(3);
  expect(changes.previousRun).toBe(FIRST);
  for (const { kind, creators: count, difference } of changes.kinds) {
    const own = list.filter((row) => row.kind === kind);
    expect({ kind, count, difference }).toEqual({
      kind,
      count: own.length,
      difference: sumDecimals(
        own.map((row) => row.difference),
        2,
      ),
    });
    for (const order of ['asc', 'desc'] as const) {
      const query = { kind, sort: 'difference', order, limit: 3 };
      const read = await readList(
        system,
        'ledger',
        `/payout-runs/${SECOND}/changes/creators`,
        changedPayoutSchema,
        query,
      );
      expect(read).toEqual(
        sorted(
          own,
          order,
          (row) => row.creatorId,
          (row) => row.difference,
        ),
      );
    }
  }
  const { items } = runsPageSchema.parse((await system.get('ledger', '/payout-runs')).body);
  const nets = new Map(items.map(({ runId, net }) => [runId, net]));
  expect([changes.before, changes.now]).toEqual([nets.get(FIRST), nets.get(SECOND)]);
  const first = runChangesSchema.parse((await system.get('ledger', `/payout-runs/${FIRST}/changes`)).body);
  expect(first.previousRun).toBeNull();
  expect(first.kinds.filter(({ creators: count }) => count > 0).map(({ kind }) => kind)).toEqual(['new']);
});

it('the sweep keeps the orders of long lists only', async () => {
  const { owner } = system.service.books;
  expect(await listsToSort(owner)).toEqual([]);
  await owner`UPDATE payout_run SET payout_count = 20001 WHERE run_id = ${SECOND}`;
  await owner`DELETE FROM sort_sheet`;
  expect(await listsToSort(owner)).toHaveLength(1);
});
