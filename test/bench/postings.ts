import { withDatabase } from './close-books.ts';
import { median } from './median.ts';
import { type PayingSystem, startPayingSystem } from './paying-system.ts';
import { preparePlainLedger, TRANSFERS_A_CALL } from './plain-ledger.ts';
import type { BenchRow } from './row.ts';

const CREATORS = 1_200_000;
const EVENTS = 1_300_000;
const PLAIN_S = 5;
const PLAIN_RUNS = 3;
/** One client spares the lock on the pool's row, several the wait for the disk: the better of the two counts. */
const PLAIN_CLIENTS = [1, 4];

/**
 * Money movements posted a second by a close and by a payout run, through the service, hash chain and balances included, beside calls of
 * 100 transfers of a plain SQL double-entry ledger on the same server.
 */
export async function benchPostings(): Promise<BenchRow[]> {
  process.stderr.write(`postings: making a month of ${CREATORS.toLocaleString('en-US')} creators\n`);
  const system = await startPayingSystem(CREATORS, EVENTS);
  try {
    const plain = await measurePlain(system);
    const close = await system.close();
    process.stderr.write(`postings: close ${JSON.stringify(close)}\n`);
    const credited = await linesOf(system, 'close');
    const secondsOf = (...phases: string[]): number =>
      phases.reduce((sum, phase) => sum + (close[phase] ?? Number.NaN), 0);

    const draftedAt_ms = performance.now();
    const draft = await system.ask('POST', 'payout-runs');
    const approvedFrom_ms = performance.now();
    const body = { contentHash: draft.contentHash };
    await system.ask('POST', `payout-runs/${draft.runId}/approve`, body, true);
    const endedAt_ms = performance.now();
    const paid = await linesOf(system, 'payout');
    process.stderr.write(
      `postings: draft ${Math.round(approvedFrom_ms - draftedAt_ms)} ms, approve ${Math.round(endedAt_ms - approvedFrom_ms)} ms\n`,
    );
    const rate = (what: string, movements: number, seconds: number): BenchRow => ({
      name: `postings: ${what}, beside calls of ${TRANSFERS_A_CALL} plain transfers`,
      ours: movements / seconds,
      floor: plain,
      ratio: movements / seconds / plain,
      unit: 'movements/s',
    });
    return [
      rate('a close, its postings written, hashed and committed with balances', credited, secondsOf('commit')),
      rate('a close, all it stores: with allocations and payout tree', credited, secondsOf('stage', 'commit')),
      rate('a close, from events to closed', credited, secondsOf('all')),
      rate(
        'a payout run, approved: checked, hashed and committed with balances',
        paid,
        (endedAt_ms - approvedFrom_ms) / 1000,
      ),
      rate('a payout run, drafted and approved', paid, (endedAt_ms - draftedAt_ms) / 1000),
    ];
  } finally {
    await system.stop();
  }
}

/** Creators' lines in entries of a kind: a movement each. */
async function linesOf({ sql }: PayingSystem, kind: string): Promise<number> {
  const [row] = await sql<{ lines: number }[]>`
    SELECT count(*)::float8 AS lines FROM rewardbook.journal_entry JOIN rewardbook.posting USING (program_id, entry_id)
    WHERE kind = ${kind} AND creator_id <> ''`;
  return row?.lines ?? 0;
}

async function measurePlain({ sql, ownerUrl }: PayingSystem): Promise<number> {
  await sql.unsafe('CREATE DATABASE plain');
  const ledger = await preparePlainLedger(withDatabase(ownerUrl, 'plain'), CREATORS);
  let best = 0;
  for (const clients of PLAIN_CLIENTS) {
    const rates: number[] = [];
    for (let run = 0; run < PLAIN_RUNS; run += 1) rates.push(await ledger.measure({ seconds: PLAIN_S, clients }));
    process.stderr.write(`postings: plain, ${clients} at a time: ${rates.map(Math.round).join(', ')} transfers/s\n`);
    best = Math.max(best, median(rates));
  }
  await sql.unsafe('DROP DATABASE plain WITH (FORCE)');
  return best;
}
