import { createApiKey, revokeApiKey, storeApiKey } from '@rewardbook/db/api-keys';
import { findClose } from '@rewardbook/db/books/closes';
import { listRuns } from '@rewardbook/db/books/runs';
import { BooksRefused } from '@rewardbook/db/errors';
import { adjust } from '@rewardbook/ledger/adjustments/adjust';
import { computeClose } from '@rewardbook/ledger/close/compute/compute-close';
import { planBegunClose } from '@rewardbook/ledger/close/compute/plan-close';
import { stageClose } from '@rewardbook/ledger/close/stage-close';
import { compose } from '@rewardbook/ledger/compose';
import { rollBalances } from '@rewardbook/ledger/journal/checkpoint-sql';
import { approveRun, draftRun, exportRun } from '@rewardbook/ledger/payouts/payout-runs';
import { tally } from '@rewardbook/ledger/tallies/tally';
import {
  type Books,
  begin,
  closeNow,
  event,
  ingest,
  programOf,
  testPolicy,
} from '@rewardbook/ledger/test-support/books';
import { openGame } from '@rewardbook/ledger/test-support/game';
import { drawOperation } from '@rewardbook/ledger/test-support/operations';
import { BY, earn, OTHER, openPayingProgram } from '@rewardbook/ledger/test-support/payout-books';
import { openProgram, revenue } from '@rewardbook/ledger/test-support/scenario';
import { openQueues } from '@rewardbook/queue/queues';
import { createKey, SCOPES } from '@rewardbook/runtime/access/api-key';
import { AppError } from '@rewardbook/runtime/http/errors';
import { createLogger } from '@rewardbook/runtime/logger';
import { actorOf } from '../support/people.ts';

const GAMES = 5;
const STEPS_PER_GAME = 120;

/** The program of which one close was begun, failed and left attempts behind. */
export const UNFINISHED = { slug: 'unfinished', period: '2024-10' } as const;

/** Fills books with data of every kind, by the calls that the services make. */
export async function fillBooks(books: Books): Promise<void> {
  for (let seed = 1; seed <= GAMES; seed += 1) {
    await playGame(books, seed);
  }
  await leaveRunsOnTheirWay(books);
  await closeByEveryRule(books);
  await failToClose(books);
  await askOverHttp(books);
  await leaveHalfDone(books);
  await assertEveryKind(books);
}

/** Random runs, returns, tax, holds, adjustments, approvals, cash, policies, revenue and closes. */
async function playGame(books: Books, seed: number): Promise<void> {
  const game = await openGame(books, `game-${seed}`, seed);
  for (let step = 0; step < STEPS_PER_GAME; step += 1) {
    const { act } = await drawOperation(game);
    await act(books.ledger).catch((error: unknown) => {
      if (!(error instanceof BooksRefused || error instanceof AppError)) {
        throw error;
      }
    });
    if (step === STEPS_PER_GAME / 2) {
      await rollBalances(books.ledger.slowSql, game.programId);
    }
  }
}

/** A run that is approved, one that is handed to the bank, and an approved request that is still to be carried out. */
async function leaveRunsOnTheirWay(books: Books): Promise<void> {
  const { ledger } = books;
  for (const slug of ['approved', 'exported']) {
    const programId = await openPayingProgram(books, slug, { approvals: ['payouts', 'adjustments'] });
    await earn(books, slug, '2024-10');
    await draftRun(ledger, slug, BY);
    const [run] = await listRuns(books.sql, programId, { after: 0, limit: 1 });
    await approveRun(ledger, slug, run?.runId ?? '', run?.contentHash ?? '', OTHER);
    if (slug === 'exported') {
      await exportRun(ledger, slug, run?.runId ?? '', BY);
    }
    await adjust(
      ledger,
      slug,
      { kind: 'adjustment', creatorId: 'c1', amount: '5.00', reason: 'r', reference: 'a' },
      BY,
    );
    await books.sql`SELECT decide_request(${programId}, 1, true, NULL, NULL, ${OTHER.actor})`;
  }
}

/** Two closes by a policy that asks for everything: limits, blocks, ages, lockstep, boosts by followers; late events, and a correction. */
async function closeByEveryRule(books: Books): Promise<void> {
  const slug = 'every-rule';
  const programId = await openProgram(books, slug, {
    risk: {
      maxEventsPerViewerPerHour: 40,
      maxTogglesPerEngagement: 3,
      maxLikesPerPair: 2,
      minViewerAgeHours: 1,
      blockedViewers: ['v6'],
      lockstep: { viewers: 3, targets: 5, windowSeconds: 60, maxWindowViewers: 4 },
    },
    boosts: [{ name: 'followed', multiplier: '1.5', when: { minFollowers: 1 } }],
    payout: { minimum: '0', roundTo: '0.01', holdback: { share: '0.25', periods: 1 }, withholding: {} },
  });
  const bots = ['bot1', 'bot2', 'bot3'].flatMap((viewer, place) =>
    [10, 11, 12, 13, 14].map((hour) =>
      event('like', viewer, 'c1', `2024-10-20T${hour}:00:0${place}Z`, { contentId: `h${hour}` }),
    ),
  );
  await ingest(books.sql, programId, bots);
  await closeNow(books, slug, '2024-10');
  await ingest(books.sql, programId, [
    event('like', 'late', 'c1', '2024-10-30T10:00:00Z'),
    event('like', 'too-late', 'c1', '2023-10-30T10:00:00Z'),
  ]);
  await revenue(books, slug, '2024-11', '500.00');
  const batches = await books.sql<{ id: string }[]>`
    SELECT batch_id::text AS id FROM ingest_batch WHERE program_id = ${programId}`;
  await tally(books.ledger, { batchIds: batches.map(({ id }) => id) });
  await closeNow(books, slug, '2024-11');
}

/** A close that has an attempt in every stage before the commit, and has failed. */
async function failToClose(books: Books): Promise<void> {
  const { ledger, sql } = books;
  const { slug, period } = UNFINISHED;
  const programId = await openProgram(books, slug);
  const program = await programOf(books, slug);
  await begin(books, program, period);
  const row = await findClose(sql, programId, period);
  const [attempt] = await sql<{ id: string }[]>`SELECT begin_attempt(${programId}, 1, 1)::text AS id`;
  if (row === undefined || attempt === undefined) {
    throw new Error('the close was not begun');
  }
  const plan = await planBegunClose(ledger, program, row);
  const computed = await computeClose(ledger, plan, { attemptId: attempt.id, foldConnections: [ledger.slowSql] });
  await stageClose(ledger, plan, attempt.id, computed);
  await sql`SELECT note_failure(${programId}, ${period}, 'the disk was full', true)`;
}

/** Statements with differences, explanations and a mark; keys; what is logged of all that. */
async function askOverHttp(books: Books): Promise<void> {
  const admin = createKey();
  await storeApiKey(books.owner, { name: 'finance', keyHash: admin.hash, scopes: SCOPES });
  const logger = createLogger({ name: 'ledger', level: 'silent' });
  const queues = await openQueues({ postgresUrl: books.database.serviceUrls.ledger }, logger);
  const service = await compose({ databaseUrl: books.database.serviceUrls.ledger, queues, logger });
  const ask = async (method: 'GET' | 'POST' | 'PUT', path: string, payload: object | string = {}) => {
    const response = await service.app.inject({
      method,
      url: `/v1/programs/reconciled${path}`,
      headers: {
        authorization: `Bearer ${admin.key}`,
        'content-type': typeof payload === 'string' ? 'text/csv' : 'application/json',
      },
      ...(method === 'GET' ? {} : { payload }),
    });
    if (response.statusCode >= 300) {
      throw new Error(`${path}: ${response.body}`);
    }
    return response.json();
  };
  const at = '/reconciliations/2024-10';
  try {
    await service.app.ready();
    await ask('PUT', '', testPolicy({ program: 'reconciled', approvals: [] }));
    await ask('POST', '/revenue', { period: '2024-10', amount: '1000.00', reference: 'ads-1' });
    await ask('POST', '/revenue', { period: '2024-10', amount: '20.00', reference: 'ads-2' });
    const head = 'reference,amount,date,currency\n';
    await ask('POST', `${at}/statements?kind=revenue`, `${head}ads-1,900.00,2024-10-01,IDR\n`);
    await ask('POST', `${at}/statements?kind=revenue`, `${head}ads-1,1000.00,2024-10-01,IDR\n`);
    await ask('POST', `${at}/explanations`, { kind: 'revenue', reference: 'ads-2', reason: 'paid in November' });
    const { hash } = await ask('GET', at);
    await ask('POST', `${at}/mark`, { hash, note: 'October is done' });
  } finally {
    await service.app.close();
    await Promise.all(service.workers.map((worker) => worker.close()));
    await service.close();
    await queues.close();
  }
  const call = { caller: actorOf('ada'), name: 'made', scopes: ['read'], programs: null, expiresAt: null };
  const keyId = await createApiKey(books.sql, { ...call, keyHash: createKey().hash });
  await revokeApiKey(books.sql, actorOf('ben'), keyId);
}

/** An import that is still arriving, a batch that is not sealed, and events that were refused. */
async function leaveHalfDone(books: Books): Promise<void> {
  const { programId } = await programOf(books, UNFINISHED.slug);
  await books.sql`
    SELECT stage_creators(begin_creator_import(${programId}), 1, '{c4}', '{"Dewi 四"}', '{ID}', '{2024-01-01}', '{5}', '{own}', '{ID}',
                          '{Dewi}', '{A-4}')`;
  await books.sql`
    SELECT record_refused(${programId}, '{3}', '{e3}', '{bad-event}', '{"no viewerId"}', ${['{"id":"e3"}']}::text[])`;
  await ingest(books.sql, programId, [event('follow', 'v1', 'c1', '2024-11-20T10:00:00Z')], { seal: false });
}

const EVERY_KIND: readonly (readonly [column: string, values: readonly string[]])[] = [
  ['payout_run.status', ['approved', 'discarded', 'draft', 'exported', 'settled']],
  ['approval_request.status', ['approved', 'executed', 'failed', 'pending', 'rejected']],
  ['close.status', ['closed', 'closing']],
  [
    'journal_entry.kind',
    [
      ...['adjustment', 'clawback', 'close', 'funding', 'holdback', 'payout', 'payout-return', 'receipt', 'release'],
      ...['revenue', 'reversal', 'settlement', 'tax-remittance', 'unclaimed', 'write-off'],
    ],
  ],
];

/** Fails where a table is empty, or a kind of row is missing: then the dump would not show what becomes of it. */
async function assertEveryKind({ owner }: Books): Promise<void> {
  const tables = await owner<{ name: string }[]>`
    SELECT relname AS name FROM pg_class WHERE relnamespace = 'rewardbook'::regnamespace AND relkind = 'r' ORDER BY relname`;
  const missing: string[] = [];
  for (const { name } of tables) {
    const [row] = await owner`SELECT 1 FROM ${owner(name)} LIMIT 1`;
    if (row === undefined) {
      missing.push(name);
    }
  }
  for (const [column, values] of EVERY_KIND) {
    const [table = '', name = ''] = column.split('.');
    const found = await owner<{ value: string }[]>`SELECT DISTINCT ${owner(name)} AS value FROM ${owner(table)}`;
    const there = new Set(found.map(({ value }) => value));
    missing.push(...values.filter((value) => !there.has(value)).map((value) => `${column} = ${value}`));
  }
  if (missing.length > 0) {
    throw new Error(`the books have no ${missing.join(', ')}`);
  }
}
