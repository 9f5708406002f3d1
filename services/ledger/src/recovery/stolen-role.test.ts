import { randomBytes } from 'node:crypto';
import { findApiKey, storeApiKey } from '@rewardbook/db/api-keys';
import { findClose } from '@rewardbook/db/books/closes';
import { findRun } from '@rewardbook/db/books/runs';
import { connect, type Sql } from '@rewardbook/db/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../../../test/support/people.ts';
import { computeClose } from '../close/compute/compute-close.ts';
import { planBegunClose } from '../close/compute/plan-close.ts';
import { type CommitCloseCall, commitClose } from '../close/sql/commit.ts';
import { stageClose } from '../close/stage-close.ts';
import { approveRun, draftRun } from '../payouts/run-sql.ts';
import { type Books, begin, openBooks, programOf } from '../test-support/books.ts';
import { openProgram } from '../test-support/scenario.ts';

// What an attacker with the password of a service's database role, and no API key, can do: call by call in
// packages/db/functions/README.md.

const SLUG = 'stolen';
const PERIOD = '2024-10';
let books: Books;
let thief: Sql; // in the role of the ledger
let programId: number;

beforeAll(async () => {
  books = await openBooks();
  thief = connect(books.database.serviceUrls.ledger, { max: 1 });
  programId = await openProgram(books, SLUG, { approvals: ['payouts', 'adjustments'], revenueShare: '1' });
  await begin(books, await programOf(books, SLUG), PERIOD);
});
afterAll(async () => {
  await thief.end();
  await books.close();
});

const nobody = '00'.repeat(32);

/** What a close of the period comes to, and what is staged of it under a separate attempt. */
async function honest(): Promise<CommitCloseCall> {
  const { ledger } = books;
  const row = await findClose(books.sql, programId, PERIOD);
  if (row === undefined) {
    throw new Error('the close was not begun');
  }
  const plan = await planBegunClose(ledger, await programOf(books, SLUG), row);
  const [attempt] = await thief<{ id: string }[]>`SELECT begin_attempt(${programId}, 1, 1)::text AS id`;
  if (attempt === undefined) {
    throw new Error('no attempt');
  }
  const computed = await computeClose(ledger, plan, { attemptId: attempt.id, foldConnections: [ledger.slowSql] });
  return stageClose(ledger, plan, attempt.id, computed);
}

/** Stages what the thief would like a creator to get, in addition to what is staged. */
async function stage(attemptId: string, amount: string, { points = '1', weight = '1', likes = 1 } = {}): Promise<void> {
  await thief`SELECT stage_allocations(${programId}, ${attemptId}::bigint, '{stranger}', ARRAY[${likes}]::bigint[], '{0}', '{0}', '{0}',
    ARRAY[${points}], ARRAY[${weight}], ARRAY[${amount}], '{false}')`;
}

/** The same close, with the stranger's part in it. */
function withStranger(call: CommitCloseCall, amount: string, undistributed: string): CommitCloseCall {
  const allocated = (Number(call.pool) - Number(undistributed)).toFixed(2); // small amounts: a test
  const details = { ...JSON.parse(call.details), proofTotal: allocated };
  return {
    ...call,
    allocations: call.allocations + Number(amount !== ''),
    allocated,
    undistributed,
    details: JSON.stringify(details),
  };
}

describe('who acts is the key that came, never a name', () => {
  /** Calls of every function that does something in the name of a person, with a key's hash: on the books' program, else with nothing. */
  function callsAs(keyHash: string) {
    return books.owner<{ name: string; args: string[] }[]>`
      SELECT p.proname AS name, ARRAY(
        SELECT format('%s => %s', a.name, CASE
          WHEN a.name = 'p_program' AND a.type = 'integer'::regtype THEN ${String(programId)}
          WHEN a.name IN ('p_key_hash', 'p_caller_hash') AND a.type = 'bytea'::regtype THEN format('decode(%L, ''hex'')', ${keyHash}::text)
          WHEN a.name IN ('p_key_hash', 'p_caller_hash') THEN quote_literal(${keyHash}::text)
          ELSE format('NULL::%s', format_type(a.type, NULL)) END)
        FROM unnest(p.proargnames[1:p.pronargs], p.proargtypes::oid[]) AS a (name, type)) AS args
      FROM pg_proc p
      WHERE p.pronamespace = 'rewardbook'::regnamespace AND has_function_privilege('rewardbook_ledger', p.oid, 'EXECUTE')
        AND p.proargnames && '{p_key_hash,p_caller_hash}' AND p.proname <> 'find_api_key' ORDER BY p.proname`;
  }

  it('in every function that does something in the name of a person', async () => {
    const functions = await callsAs(nobody);
    expect(functions.length).toBeGreaterThan(20);
    for (const { name, args } of functions) {
      const call = thief.unsafe(`SELECT ${name}(${args.join(', ')})`);
      await expect(call, name).rejects.toThrow(/unauthorized|key-not-manager|no key that there is/);
    }
  });

  it('and in the books of the programs that it is for', async () => {
    const keyHash = randomBytes(32);
    const key = { name: 'elsewhere', keyHash, scopes: ['operate', 'approve', 'read'], programs: ['elsewhere'] };
    await storeApiKey(books.owner, key);
    const OF_NO_PROGRAM = ['append_audit', 'create_api_key', 'revoke_api_key'];
    const functions = (await callsAs(keyHash.toString('hex'))).filter(({ name }) => !OF_NO_PROGRAM.includes(name));
    expect(functions.length).toBeGreaterThan(17);
    for (const { name, args } of functions) {
      const call = thief.unsafe(`SELECT ${name}(${args.join(', ')})`);
      await expect(call, name).rejects.toThrow('program-unknown');
    }
  });

  it('and no function takes a name, or the number of a key', async () => {
    const offenders = await books.owner<{ name: string; arg: string }[]>`
      SELECT p.proname AS name, arg FROM pg_proc p, unnest(p.proargnames[1:p.pronargs]) AS arg
      WHERE p.pronamespace = 'rewardbook'::regnamespace AND arg ~ 'actor|caller|key_id|key_name|requested_by'
        AND arg NOT IN ('p_caller_hash') AND has_function_privilege('rewardbook_ledger', p.oid, 'EXECUTE')`;
    expect(offenders).toEqual([]);
  });

  it('nor without the scope, nor once it was revoked', async () => {
    const [reader, gone] = [randomBytes(32), randomBytes(32)];
    await storeApiKey(books.owner, { name: 'reader', keyHash: reader, scopes: ['read'] });
    await storeApiKey(books.owner, { name: 'gone', keyHash: gone, scopes: ['operate', 'approve'] });
    await books.owner`UPDATE api_key SET revoked_at = now() WHERE key_hash = ${gone}`;
    await expect(draftRun(thief, programId, reader.toString('hex'))).rejects.toMatchObject({ code: 'forbidden' });
    await expect(draftRun(thief, programId, gone.toString('hex'))).rejects.toMatchObject({ code: 'unauthorized' });
  });

  it('and without any, only what was approved is carried out', async () => {
    await expect(
      thief`SELECT post_adjustment(${programId}, 'clawback', 'c1', '1.00', 'r', 'r', '2024-11-01', NULL)`,
    ).rejects.toThrow('approval-needed');
    await expect(
      thief`SELECT begin_close(${programId}, '2024-11', 1730419200000, 1733011200000, ${PERIOD}, NULL)`,
    ).rejects.toThrow();
  });

  it('keys are made by a key that there is, by its hash, which no service can read', async () => {
    const [admin] = await books.owner<{ id: string }[]>`SELECT key_id::text AS id FROM api_key WHERE name = 'ada'`;
    const made = thief`SELECT * FROM create_api_key(decode(lpad(to_hex(${admin?.id ?? ''}::bigint), 64, '0'), 'hex'), 'mine', ${randomBytes(32)}, '{approve}', NULL, NULL)`;
    await expect(made).rejects.toThrow('key-not-manager');
    await expect(thief`SELECT key_hash FROM api_key`).rejects.toMatchObject({ code: '42501' });
    expect(await findApiKey(thief, randomBytes(32))).toBeUndefined();
  });
});

describe('the audit log', () => {
  const entry = (sql: Sql, service: string, key: string) =>
    sql<
      { id: string }[]
    >`SELECT append_audit(${service}, decode(${key}, 'hex'), 'POST', '/', NULL, 'r', NULL, '{}')::text AS id`;

  it('is written in the name of a key that came, by each service for itself', async () => {
    await expect(entry(thief, 'ledger', nobody)).rejects.toThrow('no key that there is');
    await expect(entry(thief, 'payout-reports', actorOf('ada'))).rejects.toThrow('not the service');
    await expect(entry(thief, 'engagement-events', actorOf('ada'))).rejects.toThrow('not the service');
    const reports = connect(books.database.serviceUrls.reports, { max: 1 });
    const [asked] = await entry(reports, 'payout-reports', actorOf('ada'));
    await thief`SELECT append_audit_outcome(${asked?.id ?? ''}::bigint, 200, NULL)`;
    expect(await books.owner`SELECT 1 FROM audit_outcome WHERE audit_id = ${asked?.id ?? ''}::bigint`).toEqual([]);
    await reports.end();
  });
});

describe('the secret of a close', () => {
  it.each(['events', 'reports'] as const)('is not given to %s', async (service) => {
    const sql = connect(books.database.serviceUrls[service], { max: 1 });
    for (const statement of ['SELECT close_secret_of(1, $1)', 'SELECT fix_close_secret(1, $1)']) {
      await expect(sql.unsafe(statement, [PERIOD])).rejects.toMatchObject({ code: '42501' });
    }
    await sql.end();
  });
});

describe('revenue', () => {
  const book = ({
    period = '2024-11',
    starts = Date.parse('2024-11-01T00:00:00Z'),
    on = '2024-11-30',
    amount = '1.00',
  } = {}) =>
    thief`SELECT * FROM book_revenue(${programId}, ${period}, ${starts}::bigint, ${on}::date, ${amount}, 'r', NULL, ${actorOf('ada')})`;

  it('is of a period of the program, begins with it and takes effect in it', async () => {
    for (const period of ['2024-13', '2024-W05', '2024-11-01', '']) {
      await expect(book({ period })).rejects.toThrow();
    }
    for (const on of ['2024-10-31', '2024-12-01']) {
      await expect(book({ on })).rejects.toThrow('is not in 2024-11');
    }
    await expect(book({ starts: 0 })).rejects.toThrow('does not begin at');
    for (const amount of ['NaN', 'Infinity', '0.001']) {
      await expect(book({ amount })).rejects.toThrow(/decimals|given_amount/);
    }
  });

  it('says in its entry what was booked, whatever the caller says', async () => {
    await book();
    const [entry] =
      await books.owner`SELECT details FROM journal_entry WHERE program_id = ${programId} AND entry_key = 'revenue:r'`;
    expect(entry).toEqual({ details: '{"period":"2024-11","reference":"r"}' });
  });
});

describe('a close', () => {
  it('begins where the one before ended, with the period that comes next', async () => {
    const [{ starts, ends } = { starts: 0, ends: 0 }] = [
      { starts: Date.parse('2024-10-01T00:00:00Z'), ends: Date.parse('2024-11-01T00:00:00Z') },
    ];
    const day = 86_400_000;
    for (const [from, to] of [
      [starts - day, ends],
      [starts, ends + day],
      [starts, 0],
    ]) {
      const begun = thief`SELECT begin_close(${programId}, ${PERIOD}, ${from ?? 0}::bigint, ${to ?? 0}::bigint, '2024-09', ${actorOf('ada')})`;
      await expect(begun).rejects.toThrow('does not begin at');
    }
  });

  it('is folded in one part or more, once it has begun', async () => {
    for (const [close, parts] of [
      [1, 0],
      [1, -1],
      [2, 1],
    ]) {
      await expect(thief`SELECT begin_attempt(${programId}, ${close ?? 0}, ${parts ?? 0})`).rejects.toThrow(
        'begin_attempt',
      );
    }
    const call = await honest();
    const [empty] = await thief<{ id: string }[]>`SELECT begin_attempt(${programId}, 1, 1)::text AS id`;
    await expect(commitClose(thief, { ...call, attemptId: empty?.id ?? '' })).rejects.toMatchObject({
      code: 'attempt-not-open',
    });
  });

  it('is judged by windows of a period each: shorter ones would let a limit through more than once', async () => {
    const limited = await openProgram(books, 'limited', { risk: { maxLikesPerPair: 1 } });
    await begin(books, await programOf(books, 'limited'), PERIOD);
    const [close] = await thief<{ start: number; end: number; attempt: string; creators: number }[]>`
      SELECT starts_at::float8 AS start, ends_at::float8 AS end, begin_attempt(${limited}, 1, 1)::text AS attempt,
             creators_version AS creators FROM close WHERE program_id = ${limited}`;
    if (close === undefined) {
      throw new Error('the close was not begun');
    }
    const { start, end, attempt, creators } = close;
    const terms = {
      ...{ program_id: limited, close_no: 1, attempt_id: attempt, starts_at: start, ends_at: end, first_start: start },
      ...{ creators_version: creators, blocked_viewers: [], blocked_creators: [], max_likes_per_pair: 1 },
      ...{ part: 0, parts: 1, count_followers: false, joined_days: [], joined_instants: [] },
      ...{ keep_pairs: false, keep_start: false },
    };
    const fold = (bounds: number[] | null) =>
      thief`SELECT * FROM fold_events(jsonb_populate_record(NULL::fold_terms,
        ${JSON.stringify({ ...terms, period_bounds: bounds })}::text::jsonb))`;
    const day = 86_400_000;
    const byDay = Array.from({ length: 31 }, (_, place) => start + place * day);
    for (const bounds of [null, byDay, [start, start + 15 * day, end], [end, start]]) {
      await expect(fold(bounds)).rejects.toThrow('windows of a period each');
    }
    await expect(fold([start, end])).resolves.toBeDefined();
  });

  it('gives no creator more than the pool has, whatever is said to be undistributed', async () => {
    const call = await honest();
    await stage(call.attemptId, '1000000000000.00');
    const allocated = `${1_000_000_000_000 + Number(call.allocated)}.00`;
    const undistributed = `${-1_000_000_000_000}.00`;
    const details = JSON.stringify({ ...JSON.parse(call.details), proofTotal: allocated });
    const greedy = { ...call, allocations: call.allocations + 1, allocated, undistributed, details };
    await expect(commitClose(thief, greedy)).rejects.toThrow('does not add up');
    for (const amount of ['NaN', 'Infinity', '-1.00']) {
      const other = await honest();
      const staged = stage(other.attemptId, amount).then(() =>
        commitClose(thief, { ...other, allocations: other.allocations + 1, allocated: amount, undistributed: amount }),
      );
      await expect(staged).rejects.toThrow();
    }
  });

  it('gives nothing without points, weight and a day that is its last', async () => {
    const call = await honest();
    await books.owner`UPDATE allocation SET amount = amount - 1 WHERE attempt_id = ${call.attemptId}::bigint AND creator_id = 'c1'`;
    await stage(call.attemptId, '1.00', { points: '0' });
    await expect(commitClose(thief, withStranger(call, '1.00', call.undistributed))).rejects.toThrow(
      'without weight or points',
    );
    await expect(commitClose(thief, { ...(await honest()), effectiveAt: '2024-10-30' })).rejects.toThrow(
      'does not take effect',
    );
  });

  it('that gives a part to a stranger is committed, and nothing that rests on it is paid', async () => {
    const call = await honest();
    await books.owner`UPDATE allocation SET amount = amount - 1 WHERE attempt_id = ${call.attemptId}::bigint AND creator_id = 'c1'`;
    await stage(call.attemptId, '1.00');
    await commitClose(thief, withStranger(call, '1.00', call.undistributed));
    await books.owner`INSERT INTO creator (program_id, creator_id, version, payee, tax_country, account)
                      SELECT ${programId}, 'stranger', creators_version, 'Mallory', 'ID', 'X1' FROM program_head WHERE program_id = ${programId}`;
    const { runId } = await draftRun(thief, programId, actorOf('ada'));
    const run = await findRun(thief, programId, runId);
    const approval = { programId, runId, contentHash: run?.contentHash ?? '', effectiveAt: '2024-11-02' };
    await expect(approveRun(thief, { ...approval, actor: actorOf('ada') })).rejects.toMatchObject({
      code: 'self-approval',
    });
    await expect(approveRun(thief, { ...approval, actor: actorOf('ben') })).rejects.toMatchObject({
      code: 'close-unsound',
      message: expect.stringContaining('stranger'),
    });
  });
});
