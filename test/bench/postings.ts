import { withDatabase } from './close-books.ts';
import { median } from './median.ts';
import { type PayingSystem, startPayingSystem } from './paying-system.ts';
import { preparePlainLedger, TRANSFERS_PER_CALL } from './plain-ledger.ts';
import type { BenchRow } from './row.ts';

const CREATORS = 1_200_000;
const EVENTS = 1_300_000;
const PLAIN_S = 5;
const PLAIN_RUNS = 3;
/** One client spares the lock on the pool's row, several the wait for the disk: the better of the two counts. */
const PLAIN_CLIENTS = [1, 4];

/**
 * Money movements posted a second by a close and by a payout run, through the service, hash chain and balances
 * included, compared with calls of 100 transfers of a plain SQL double-entry ledger on the same server. A movement is
 * what goes from one account to another: a creator's allocation; what is paid out, and what of it is withheld for tax.
 */
export async function benchPostings(): Promise<BenchRow[]> {
  process.stderr.write(`postings: making a month of ${CREATORS.toLocaleString('en-US')} creators\n`);
  const system = await startPayingSystem(CREATORS, EVENTS);
  try {
    const plain = await measurePlain(system);
    const close = await system.close();
    const closeRollSeconds = await roll(system);
    const credited = await count(system.sql`SELECT count(*)::float8 AS count FROM allocation WHERE amount <> 0`);
    const [stageSeconds = Number.NaN, commitSeconds = Number.NaN, allSeconds = Number.NaN] = [
      close.stage,
      close.commit,
      close.all,
    ];

    const [draftSeconds, draft] = await timed(() => system.ask('POST', 'payout-runs'));
    const body = { contentHash: draft.contentHash };
    const [approveSeconds] = await timed(() => system.ask('POST', `payout-runs/${draft.runId}/approve`, body, true));
    const runRollSeconds = await roll(system);
    const payouts = await count(system.sql`SELECT count(*)::float8 AS count FROM payout WHERE status = 'due'`);
    const withheld = await count(system.sql`
      SELECT count(*)::float8 AS count FROM payout WHERE status = 'due' AND withheld <> 0`);
    const paid = payouts + withheld;
    process.stderr.write(
      `postings: ${JSON.stringify({ ...close, closeRollSeconds, draftSeconds, approveSeconds, runRollSeconds, credited, paid })}\n`,
    );

    const rate = (what: string, movements: number, seconds: number): BenchRow => ({
      name: `postings: ${what}, beside calls of ${TRANSFERS_PER_CALL} plain transfers`,
      ours: movements / seconds,
      floor: plain,
      ratio: movements / seconds / plain,
      unit: 'movements/s',
    });
    const postingSeconds = commitSeconds + approveSeconds;
    return [
      rate('a close, written, hashed and committed with balances', credited, commitSeconds),
      rate('a payout run, approved: checked, written, hashed and committed with balances', paid, approveSeconds),
      rate('the same, tax withheld not counted as a movement of its own', payouts, approveSeconds),
      rate(
        'both, each with a roll of the checkpoint after it',
        credited + paid,
        postingSeconds + closeRollSeconds + runRollSeconds,
      ),
      rate('a close, all it stores: with allocations and payout tree', credited, stageSeconds + commitSeconds),
      rate('a close, from events to closed', credited, allSeconds),
      rate('a payout run, drafted and approved', paid, draftSeconds + approveSeconds),
    ];
  } finally {
    await system.stop();
  }
}

async function timed<Outcome>(act: () => Promise<Outcome>): Promise<[seconds: number, outcome: Outcome]> {
  const startedAtMs = performance.now();
  const outcome = await act();
  return [(performance.now() - startedAtMs) / 1000, outcome];
}

/** Brings the balances' checkpoint up to the journal at once, which the ledger's sweep does some time, for several entries. */
async function roll({ sql }: PayingSystem): Promise<number> {
  const [seconds] = await timed(() => sql`SELECT roll_balances(1)`);
  return seconds;
}

async function count(query: Promise<{ count: number }[]>): Promise<number> {
  const [row] = await query;
  return row?.count ?? Number.NaN;
}

async function measurePlain({ sql, ownerUrl }: PayingSystem): Promise<number> {
  await sql.unsafe('CREATE DATABASE plain');
  const ledger = await preparePlainLedger(withDatabase(ownerUrl, 'plain'), CREATORS);
  let best = 0;
  for (const clients of PLAIN_CLIENTS) {
    const rates: number[] = [];
    for (let run = 0; run < PLAIN_RUNS; run += 1) {
      rates.push(await ledger.measure({ seconds: PLAIN_S, clients }));
    }
    process.stderr.write(`postings: plain, ${clients} at a time: ${rates.map(Math.round).join(', ')} transfers/s\n`);
    best = Math.max(best, median(rates));
  }
  await sql.unsafe('DROP DATABASE plain WITH (FORCE)');
  return best;
}
