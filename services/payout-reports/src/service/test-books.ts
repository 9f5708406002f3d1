import { type PolicyInput, parsePolicy } from '@rewardbook/contracts/files/policy';
import { storeApiKey } from '@rewardbook/db/api-keys';
import { connect, type Sql } from '@rewardbook/db/client';
import type { CreatorCounts } from '@rewardbook/domain/allocation/close-columns';
import type { Scouted } from '@rewardbook/domain/beyond/commissions';
import { closeEntry } from '@rewardbook/domain/books/close-entry';
import { type CloseResult, computeClose } from '@rewardbook/domain/close/close';
import { type Policy, policyHash } from '@rewardbook/domain/policy/policy';
import { lastDate, periodBounds, previousPeriod } from '@rewardbook/domain/values/period';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { createKey, type Scope } from '@rewardbook/runtime/access/api-key';
import { createLogger } from '@rewardbook/runtime/logger';
import type { Composed } from '@rewardbook/runtime/serve';
import { actorOf } from '../../../../test/support/people.ts';
import type { TestDatabase } from '../../../../test/support/test-database.ts';
import { applyTestPolicy } from '../../../../test/support/test-program.ts';
import { compose } from '../compose.ts';

/** Books for tests, written through the same SQL functions as the real ones and computed by the same domain. */
export interface TestBooks {
  readonly sql: Sql;
  readonly programId: number;
  key(scopes: readonly Scope[]): Promise<{ authorization: string }>;
  creators(rows: readonly TestCreator[]): Promise<void>;
  /** @param amount major units */
  revenue(period: string, amount: string): Promise<void>;
  close(period: string, counts: readonly CreatorCounts[]): Promise<void>;
  tally(period: string, creatorId: string, likes: number, follows: number): Promise<void>;
  end(): Promise<void>;
}

/** Who is registered, and who scouted them. */
export interface TestCreator {
  readonly creatorId: string;
  readonly payee?: string;
  readonly taxCountry?: string;
  readonly scoutId?: string;
  readonly scoutedOn?: string;
}

const NO_HASH = '0'.repeat(64);
const BASE = { name: 'Test', currency: 'IDR', timeZone: 'Asia/Jakarta', period: 'month' } as const;

export async function openTestBooks(
  ownerUrl: string,
  program: string,
  policyKeys: Partial<PolicyInput> = {},
): Promise<TestBooks> {
  const sql = connect(ownerUrl, { max: 2 });
  const parsed = parsePolicy({ ...BASE, program, ...policyKeys });
  if (!parsed.ok) {
    throw new Error(JSON.stringify(parsed.issues));
  }
  const policy = parsed.value;
  const bounds = (period: string) => periodBounds(period, policy.timeZone);
  const programId = await applyTestPolicy(sql, policy);

  return {
    sql,
    programId,
    async key(scopes) {
      const { key, hash } = createKey();
      await storeApiKey(sql, { name: 'test', keyHash: hash, scopes });
      return { authorization: `Bearer ${key}` };
    },
    async creators(rows) {
      for (const { creatorId, payee = null, taxCountry = null, scoutId = null, scoutedOn = null } of rows) {
        await sql`INSERT INTO creator (program_id, creator_id, version, payee, tax_country, scout_id, scouted_on)
                  VALUES (${programId}, ${creatorId}, 1, ${payee}, ${taxCountry}, ${scoutId}, ${scoutedOn})`;
      }
      await sql`UPDATE program_head SET creators_version = 1 WHERE program_id = ${programId}`;
    },
    async revenue(period, amount) {
      await sql`SELECT * FROM book_revenue(${programId}, ${period}, ${bounds(period).start}, ${lastDate(period)}, ${amount},
        ${`ads-${period}`}, NULL, ${actorOf('test')})`;
    },
    close: (period, counts) => closePeriod({ sql, programId, policy }, period, counts),
    async tally(period, creatorId, likes, follows) {
      await sql`INSERT INTO tally (program_id, period, creator_id, likes, unlikes, follows, unfollows)
                VALUES (${programId}, ${period}, ${creatorId}, ${likes}, 0, ${follows}, 0)`;
    },
    end: () => sql.end(),
  };
}

/** A program whose periods are closed. */
interface ClosingProgram {
  readonly sql: Sql;
  readonly programId: number;
  readonly policy: Policy;
}

async function closePeriod(closing: ClosingProgram, period: string, counts: readonly CreatorCounts[]): Promise<void> {
  const { sql, programId, policy } = closing;
  const currency = currencyOf(policy.currency);
  const { start, end } = periodBounds(period, policy.timeZone);
  const [begun] = await sql<{ closeNo: number; entries: string; carriedIn: string; rolledOver: string }[]>`
    SELECT close_no AS "closeNo", revenue_entries AS entries, revenue_carried_in AS "carriedIn", rolled_over AS "rolledOver"
    FROM begin_close(${programId}, ${period}, ${start}, ${end}, ${previousPeriod(period)}, ${actorOf('test')})`;
  if (begun === undefined) {
    throw new Error(`no close of ${period}`);
  }
  const result = computeClose({
    program: policy.program,
    period,
    bounds: { start, end },
    currency,
    policy,
    policyHash: policyHash(policy),
    creatorsHash: NO_HASH,
    revenueEntries: parseAmount(begun.entries, currency),
    negativeRevenueCarriedIn: parseAmount(begun.carriedIn, currency),
    rolledOver: parseAmount(begun.rolledOver, currency),
    registered: () => undefined,
    followers: () => 0,
    creators: counts,
    beyond: {
      scouted: await sql<Scouted[]>`
        SELECT creator_id AS "creatorId", scout_id AS "scoutId", scouted_on::text AS "scoutedOn" FROM creator
        WHERE program_id = ${programId} AND scout_id IS NOT NULL`,
    },
  });
  const [attempt] = await sql<{ id: bigint }[]>`SELECT begin_attempt(${programId}, ${begun.closeNo}) AS id`;
  if (attempt === undefined) {
    throw new Error('no attempt');
  }
  await sql`INSERT INTO attempt_part (attempt_id, part, register_rows) VALUES (${attempt.id}, 0, 0)`;
  await storeAllocations(closing, attempt.id, result);
  await storeRegister(closing, attempt.id, result, { period, start, closeNo: begun.closeNo });
  await commitClose(closing, attempt.id, result, period);
}

async function storeAllocations(
  { sql, programId, policy }: ClosingProgram,
  attemptId: bigint,
  { creators, parts }: CloseResult,
): Promise<void> {
  const currency = currencyOf(policy.currency);
  for (const row of creators) {
    await sql`
      INSERT INTO allocation (program_id, attempt_id, creator_id, net_likes, net_follows, carried_in, carried_out, points, weight, amount, void)
      VALUES (${programId}, ${attemptId}, ${row.creatorId}, ${row.netLikes}, ${row.netFollows}, ${row.carriedIn},
              ${row.carriedOut}, ${row.points}, ${row.weight}, ${formatAmount(row.amount, currency)}, ${row.void})`;
  }
  for (const { scoutId, creatorId, amount } of parts.commissions ?? []) {
    await sql`
      INSERT INTO commission (program_id, attempt_id, scout_id, creator_id, amount, paid_by)
      VALUES (${programId}, ${attemptId}, ${scoutId}, ${creatorId}, ${formatAmount(amount, currency)},
              ${policy.scouts?.paidBy ?? null})`;
  }
}

/** The register that the counts come from: a gain of this close, or the loss of one before, for each. */
async function storeRegister(
  { sql, programId }: ClosingProgram,
  attemptId: bigint,
  { creators }: CloseResult,
  { period, start, closeNo }: { readonly period: string; readonly start: number; readonly closeNo: number },
): Promise<void> {
  for (const { creatorId, netLikes, netFollows } of creators) {
    for (const [kind, net] of [
      ['like', netLikes],
      ['follow', netFollows],
    ] as const) {
      await sql`
        INSERT INTO engagement (program_id, viewer_id, creator_id, content_id, attempt_id, occurred_at, event_id, source, active, gained_close, lost_close)
        SELECT ${programId}, 'v' || n, ${creatorId}, ${kind === 'like' ? period : ''}, ${attemptId}, ${start}, ${kind} || n, 'test', ${net > 0},
               CASE WHEN ${net > 0} THEN ${closeNo}::integer ELSE 0 END, CASE WHEN ${net < 0} THEN ${closeNo}::integer END
        FROM generate_series(1, ${Math.abs(net)}::integer) AS n`;
    }
  }
}

async function commitClose(
  { sql, programId, policy }: ClosingProgram,
  attemptId: bigint,
  result: CloseResult,
  period: string,
): Promise<void> {
  const currency = currencyOf(policy.currency);
  const money = (minor: bigint): string => formatAmount(minor, currency);
  const entry = closeEntry({ period, policy, policyVersion: 1, policyHash: policyHash(policy), result });
  const { funded, pool, allocated, undistributed, negativeRevenueCarriedOut } = result.pool;
  const excluded = JSON.stringify([{ rule: 'selfEngagement', events: 2, points: '1.5' }]);
  const metrics = {
    creators: 2,
    gini: '0.5',
    top1Share: '0.75',
    top10Share: '0.75',
    palma: null,
    hhi: '0.6',
    theilT: '0.1',
  };
  await sql`SELECT * FROM commit_close(${programId}, ${period}, ${attemptId}, ${result.creatorCount},
    ${entry.effectiveAt}, ${JSON.stringify(entry.details)}::text::jsonb, ${money(funded)}, ${money(pool)},
    ${money(allocated)}, ${money(undistributed)}, ${money(negativeRevenueCarriedOut)}, ${policyHash(policy)}, ${NO_HASH},
    ${result.resultHash}, ${excluded}, ${JSON.stringify(metrics)})`;
}

/** The service on a test's database, as its own role. */
export async function composeReports({ serviceUrls }: TestDatabase, now = Date.now): Promise<Composed> {
  const service = await compose({
    databaseUrl: serviceUrls.reports,
    logger: createLogger({ name: 'test', level: 'silent' }),
    now,
  });
  await service.app.ready();
  return service;
}
