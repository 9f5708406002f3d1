import { policyHash } from '@rewardbook/domain/policy/policy';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { histories } from '../../../../test/reference/histories.ts';
import { actorOf } from '../../../../test/support/people.ts';
import { importCreators } from '../creators/import-creators.ts';
import { applyPolicy } from '../programs/apply-policy.ts';
import { bookRevenue } from '../revenue/book-revenue.ts';
import { tally } from '../tallies/tally.ts';
import { type Books, closeNow, copyBooks, event, ingest, openBooks, programOf } from '../test-support/books.ts';
import { NOW, openProgram, revenue } from '../test-support/scenario.ts';
import { verifyProgram } from './verify-program.ts';

const RUNS = Number(process.env.HISTORIES ?? 10);

/** Two closes, with a late event, a take-back of a paid like, an exclusion and a correction of revenue. */
async function twoCloses(books: Books, slug = 'books'): Promise<void> {
  const programId = await openProgram(books, slug);
  await closeNow(books, slug, '2024-10');
  await ingest(books.sql, programId, [event('like', 'late', 'c1', '2024-10-30T10:00:00Z', { id: 'late' })]);
  await revenue(books, slug, '2024-11', '500.00');
  const correction = { period: '2024-11', amount: '-10.00', reference: 'fix', corrects: 'revenue:ads-2024-10' };
  await bookRevenue(books.ledger, slug, correction, { actor: actorOf('test'), now: NOW });
  const batches = await books.sql<
    { id: string }[]
  >`SELECT batch_id::text AS id FROM ingest_batch WHERE program_id = ${programId}`;
  await tally(books.ledger, { batchIds: batches.map(({ id }) => id) });
  await closeNow(books, slug, '2024-11');
}

async function verify(books: Books, slug = 'books') {
  return verifyProgram(books.ledger, await programOf(books, slug));
}

describe('verify', () => {
  let books: Books;
  beforeAll(async () => {
    books = await openBooks();
  });
  afterAll(() => books.close());

  it('holds on sound books, and says how much it checked', async () => {
    await twoCloses(books);
    const { ok, checks } = await verify(books);
    expect(checks.filter((check) => !check.ok)).toEqual([]);
    expect(ok).toBe(true);
    expect(Object.fromEntries(checks.map(({ check, checked }) => [check, checked]))).toMatchObject({
      'journal: hash chain': 6,
      'events: each once, as many as were accepted': 35,
      'closes: derived again from the events': 2,
    });
    const unused = checks.filter(({ checked }) => checked === 0).map(({ check }) => check);
    expect(unused.filter((check) => !/^(holdbacks|payouts|payout runs|decisions|reversals)/.test(check))).toEqual([]);
  });

  it('holds on a program without closes', async () => {
    await openProgram(books, 'fresh');
    expect((await verify(books, 'fresh')).checks.filter((check) => !check.ok)).toEqual([]);
  });

  it('holds after random histories', async () => {
    let number = 0;
    await fc.assert(
      fc.asyncProperty(histories({ maxCloses: 3, maxEvents: 60 }), async (history) => {
        number += 1;
        const slug = `random-${number}`;
        for (const { policy, validFrom } of history.policies) {
          const own = { ...policy, program: slug };
          expect(policyHash(own)).not.toBe(policyHash(policy));
          await applyPolicy(books.ledger, {
            program: slug,
            policy: own,
            from: validFrom ?? undefined,
            actor: actorOf('test'),
          });
        }
        const { programId } = await programOf(books, slug);
        for (const [index, { period, revenue: amount }] of history.periods.entries()) {
          await importCreators(books.ledger, slug, history.creators(period));
          const seen = history.recorded.filter(({ seenAt }) => seenAt === index + 1).map((recorded) => recorded.event);
          if (seen.length > 0) {
            await ingest(books.sql, programId, seen);
          }
          await bookRevenue(
            books.ledger,
            slug,
            { period, amount, reference: period },
            { actor: actorOf('test'), now: NOW },
          );
          await closeNow(books, slug, period);
        }
        expect((await verify(books, slug)).checks.filter((check) => !check.ok)).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  }, 300_000);
});

describe('what a superuser changes is found and named', () => {
  const changes: [string, string, RegExp][] = [
    [
      "a posting's amount",
      `UPDATE posting_sheet SET amounts[array_position(creator_ids, 'c1')] = amounts[array_position(creator_ids, 'c1')] - 1 WHERE 'c1' = ANY (creator_ids)`,
      /entry \d \(close:2024-1\d\)/,
    ],
    [
      "a posting's account",
      `UPDATE posting_line SET account = 'platform:write-off' WHERE account = 'platform:rewards-expense'`,
      /entry 2 \(close:2024-10\): its postings hash to/,
    ],
    [
      'a posting under another creator',
      `UPDATE posting_sheet SET creator_ids[array_position(creator_ids, 'c3')] = 'c9' WHERE 'c3' = ANY (creator_ids)`,
      /entry \d \(close:2024-10\): its postings hash to/,
    ],
    [
      'a lost posting',
      `UPDATE posting_sheet SET creator_ids = creator_ids[2:], amounts = amounts[2:], first_creator = creator_ids[2], first_line = first_line + 1 WHERE entry_id = (SELECT entry_id FROM journal_entry WHERE entry_key = 'close:2024-10')`,
      /entry \d \(close:2024-10\): line \d is missing/,
    ],
    [
      'two postings that cancel out',
      `UPDATE posting_sheet SET amounts[1] = amounts[1] + 1, amounts[2] = amounts[2] - 1 WHERE entry_id = (SELECT entry_id FROM journal_entry WHERE entry_key = 'close:2024-10')`,
      /entry 2 \(close:2024-10\): its postings hash to/,
    ],
    [
      "an entry's details",
      `UPDATE journal_entry SET details = replace(details, '2024-10', '2024-09') WHERE entry_key = 'revenue:ads-2024-10'`,
      /entry 1 \(revenue:ads-2024-10\): its hash is/,
    ],
    [
      "an entry's date",
      `UPDATE journal_entry SET effective_at = effective_at + 1 WHERE entry_key = 'close:2024-11'`,
      /entry 5 \(close:2024-11\): its hash is/,
    ],
    [
      "an entry's posting time",
      `UPDATE journal_entry SET posted_at = posted_at + interval '1 ms' WHERE seq = 3`,
      /entry 3 .*its hash is/,
    ],
    [
      'a lost entry',
      `DELETE FROM journal_entry WHERE entry_key = 'revenue:fix'`,
      /entry close:2024-11 has seq 5, 4 is missing/,
    ],
    ['a cut-off end', `DELETE FROM journal_entry WHERE seq = 5`, /head is at seq 5, its last entry is 4/],
    [
      'a balance',
      `SELECT roll_balances(program_id) FROM program; UPDATE balance_checkpoint SET credit = credit + 5 WHERE account = 'creator:c3:payable'`,
      /account creator:c3:payable: its balance says/,
    ],
    [
      'a checkpoint beyond the journal',
      `ALTER TABLE program_head DROP CONSTRAINT program_head_check; UPDATE program_head SET rolled_seq = 1000000`,
      /the balances' checkpoint is at entry 1000000/,
    ],
    [
      'a posting from nowhere',
      `INSERT INTO posting_line (program_id, entry_id, line, account, amount) SELECT program_id, 999999, 1, account, 1 FROM posting_line LIMIT 1`,
      /1 postings under entry 999999/,
    ],
    [
      'a booking',
      `UPDATE revenue SET amount = amount + 1 WHERE reference = 'ads-2024-11'`,
      /revenue ads-2024-11: 501.00 for 2024-11/,
    ],
    [
      'an allocation',
      `UPDATE allocation SET amount = amount + 1 WHERE creator_id = 'c2' AND amount > 0`,
      /period 2024-10, creator c2: allocated/,
    ],
    [
      "an allocation's counts",
      `UPDATE allocation SET net_likes = net_likes + 1 WHERE creator_id = 'c3'`,
      /period 2024-10.*c3/,
    ],
    ['a lost allocation', `DELETE FROM allocation WHERE creator_id = 'c2' AND net_likes < 0`, /period 2024-11.*c2/],
    ['an event', `UPDATE event SET creator_id = 'c9' WHERE id = 'n2'`, /viewer v8, creator c/],
    [
      "an event's direction",
      `UPDATE event SET active = false WHERE id = 'n2'`,
      /viewer v8, creator c1, content k1: the register has event n2/,
    ],
    ['a lost event', `DELETE FROM event WHERE id = 'late'`, /batch \d+ accepted 1 events, 0 are there/],
    [
      'a register row',
      `UPDATE engagement SET active = false WHERE event_id = 'n2'`,
      /viewer v8, creator c1, content k1/,
    ],
    [
      'a gain',
      `UPDATE engagement SET gained_close = 1 WHERE event_id = 'n2'`,
      /period 2024-11, creator c1: the register says/,
    ],
    [
      "a period's pool",
      `UPDATE close SET pool = pool + 1, undistributed = undistributed + 1 WHERE period = '2024-11'`,
      /pool of 2024-11 does not add up/,
    ],
    [
      "a period's result",
      `UPDATE close SET result_hash = repeat('0', 64) WHERE period = '2024-10'`,
      /period 2024-10: resultHash is 0{64}/,
    ],
    ['exclusions', `UPDATE close SET excluded = '[]' WHERE period = '2024-10'`, /period 2024-10: excluded is \[\]/],
    [
      'a tally',
      `UPDATE tally SET likes = likes + 1 WHERE creator_id = 'c2' AND period = '2024-10'`,
      /creator c2: \d+ events are tallied/,
    ],
  ];

  let original: Books;
  beforeAll(async () => {
    original = await openBooks();
    await twoCloses(original);
    await original.disconnect();
  });
  afterAll(() => original.close());

  it.each(changes)('%s', async (_what, statement, named) => {
    const books = await copyBooks(original);
    try {
      const changed = await books.owner.unsafe(statement);
      expect(changed.count).toBeGreaterThan(0);
      const { ok, checks } = await verify(books);
      expect(ok).toBe(false);
      expect(checks.flatMap(({ difference }) => difference ?? []).filter((text) => named.test(text))).not.toEqual([]);
    } finally {
      await books.close();
    }
  });
});

describe("the services' own role", () => {
  let books: Books;
  beforeAll(async () => {
    books = await openBooks();
    await twoCloses(books);
  });
  afterAll(() => books.close());

  const tables = [
    'journal_entry',
    'posting_line',
    'posting_sheet',
    'balance_checkpoint',
    'event',
    'allocation',
    'engagement',
    'close',
    'revenue',
  ];
  it.each(
    tables.flatMap((table) =>
      (['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE'] as const).map((verb) => [verb, table] as const),
    ),
  )('cannot %s %s', async (verb, table) => {
    const statements = {
      INSERT: `INSERT INTO ${table} SELECT * FROM ${table} LIMIT 1`,
      UPDATE: `UPDATE ${table} SET program_id = program_id`,
      DELETE: `DELETE FROM ${table}`,
      TRUNCATE: `TRUNCATE ${table}`,
    };
    await expect(books.sql.unsafe(statements[verb])).rejects.toMatchObject({ code: '42501' });
  });
});
