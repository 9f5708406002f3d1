import type { Policy } from '@rewardbook/domain/policy/policy';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../../../test/support/people.ts';
import { adjust, reverse } from '../adjustments/adjust.ts';
import { approveRun, draftRun } from '../payouts/payout-runs.ts';
import { applyPolicy } from '../programs/apply-policy.ts';
import { sweepLeftBehind } from '../recovery/sweep.ts';
import { bookRevenue } from '../revenue/book-revenue.ts';
import { type Books, begin, openBooks, programOf } from '../test-support/books.ts';
import { BY, balancesOf, earn, linesOf, OTHER, openPayingProgram } from '../test-support/payout-books.ts';
import { verifyProgram } from '../verify/verify-program.ts';
import { closePeriod } from './close-period.ts';

let books: Books;
const payout = (share: string, periods = 1): Pick<Policy, 'payout'> => ({
  payout: { minimum: '0', roundTo: '0.01', holdback: { share, periods }, withholding: {} },
});

beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.close());

async function expectSound(slug: string): Promise<void> {
  const { checks } = await verifyProgram(books.ledger, await programOf(books, slug));
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
}

const clawback = (slug: string, creatorId: string, amount: string, reference: string) =>
  adjust(books.ledger, slug, { kind: 'clawback', creatorId, amount, reason: 'fraud', reference }, BY);

/** A creator alone, who gets 300.00 in each period. */
const ONE = [{ creatorId: 'c1', likes: 3 }];
const PERIODS = ['2024-06', '2024-07', '2024-08', '2024-09', '2024-10'] as const;

describe('a close', () => {
  it('holds back the floor of the share of each allocation, and releases it after the allocation of close k + periods', async () => {
    const earners = [
      { creatorId: 'c1', likes: 3 },
      { creatorId: 'c2', likes: 1 },
    ];
    const programId = await openPayingProgram(books, 'periods', payout('0.33333', 2), earners);
    await earn(books, 'periods', '2024-08', earners);
    expect(await linesOf(books, programId, 'holdback:2024-08')).toEqual([
      'creator:c1:payable 99.99',
      'creator:c1:held -99.99',
      'creator:c2:payable 33.33',
      'creator:c2:held -33.33',
    ]);
    await earn(books, 'periods', '2024-09', [{ creatorId: 'c1', likes: 1 }]);
    expect(await linesOf(books, programId, 'release:2024-09')).toEqual([]);
    expect(await balancesOf(books, programId, 'creator:c1')).toEqual({
      'creator:c1:held': '-133.32',
      'creator:c1:payable': '-266.68',
    });
    await earn(books, 'periods', '2024-10', []);
    expect(await linesOf(books, programId, 'release:2024-10')).toEqual([
      'creator:c1:held 99.99',
      'creator:c1:payable -99.99',
      'creator:c2:held 33.33',
      'creator:c2:payable -33.33',
    ]);
    expect(await balancesOf(books, programId, 'creator:c1')).toEqual({
      'creator:c1:held': '-33.33',
      'creator:c1:payable': '-366.67',
    });
    const [entry] = await books.sql<{ at: string }[]>`
      SELECT effective_at::text AS at FROM journal_entry WHERE program_id = ${programId} AND entry_key = 'release:2024-10'`;
    expect(entry?.at).toBe('2024-10-31');
    await expectSound('periods');
  });

  it('holds back nothing while payable is not above zero: the allocation repays first', async () => {
    const programId = await openPayingProgram(books, 'negative', payout('0.5'), ONE);
    await earn(books, 'negative', '2024-09', ONE);
    await clawback('negative', 'c1', '700', 'r1'); // 150 payable, 150 held, and 400 that payable owes
    expect(await balancesOf(books, programId, 'creator')).toEqual({ 'creator:c1:payable': '400.00' });
    await earn(books, 'negative', '2024-10', ONE);
    expect(await linesOf(books, programId, 'holdback:2024-10')).toEqual([]);
    expect(await balancesOf(books, programId, 'creator')).toEqual({ 'creator:c1:payable': '100.00' });
    const run = await draftRun(books.ledger, 'negative', BY);
    expect(run).toMatchObject({ payoutCount: 0, waitingCount: 1 });
    await expectSound('negative');
  });

  it('holds back no more than what is payable then: a debt is repaid first, and no holdback makes one', async () => {
    const programId = await openPayingProgram(books, 'owing', payout('1'), ONE);
    await earn(books, 'owing', '2024-09', ONE); // all of it is held
    const debt = {
      kind: 'adjustment',
      creatorId: 'c1',
      amount: '-290',
      reason: 'paid elsewhere',
      reference: 'r',
    } as const;
    await adjust(books.ledger, 'owing', debt, BY);
    const writeOff = (amount: string) =>
      adjust(books.ledger, 'owing', { ...debt, kind: 'write-off', amount, reference: amount }, BY);
    // 290 are owed out of 300 that are held: nothing is lost, so nothing can be written off.
    await expect(writeOff('0.01')).rejects.toMatchObject({ code: 'bad-adjustment' });
    await earn(books, 'owing', '2024-10', ONE);
    expect(await linesOf(books, programId, 'holdback:2024-10')).toEqual([
      'creator:c1:payable 10.00',
      'creator:c1:held -10.00',
    ]);
    expect(await linesOf(books, programId, 'release:2024-10')).toEqual([
      'creator:c1:held 300.00',
      'creator:c1:payable -300.00',
    ]);
    await adjust(books.ledger, 'owing', { ...debt, amount: '-320', reference: 'more' }, BY); // 310 are there: 10 are owed
    await expect(writeOff('10.01')).rejects.toMatchObject({ code: 'bad-adjustment' });
    await writeOff('10');
    expect(await balancesOf(books, programId, 'creator')).toEqual({
      'creator:c1:held': '-10.00',
      'creator:c1:payable': '10.00',
    });
    await expectSound('owing');
  });

  it('follows the policy of each period', async () => {
    const programId = await openPayingProgram(books, 'policies', payout('0.1', 3), ONE);
    await earn(books, 'policies', PERIODS[0], ONE);
    const [stored] = await books.sql<
      { policy: string }[]
    >`SELECT policy FROM policy_version WHERE program_id = ${programId}`;
    await applyPolicy(books.ledger, {
      program: 'policies',
      policy: { ...JSON.parse(stored?.policy ?? ''), ...payout('0.2') },
      from: undefined,
      actor: actorOf('ada'),
    });
    await earn(books, 'policies', PERIODS[1], ONE);
    await earn(books, 'policies', PERIODS[2], ONE);
    expect(await linesOf(books, programId, `release:${PERIODS[2]}`)).toEqual([
      'creator:c1:held 60.00',
      'creator:c1:payable -60.00',
    ]);
    await earn(books, 'policies', PERIODS[3], ONE);
    expect(await linesOf(books, programId, `release:${PERIODS[3]}`)).toEqual([
      'creator:c1:held 90.00',
      'creator:c1:payable -90.00',
    ]);
    await expectSound('policies');
  });
});

describe('a clawback out of held', () => {
  it('takes the newest holdbacks, so that the oldest is released first, and in full', async () => {
    const programId = await openPayingProgram(books, 'claw', payout('0.5', 2), ONE);
    await earn(books, 'claw', PERIODS[0], ONE);
    await earn(books, 'claw', PERIODS[1], ONE);
    await clawback('claw', 'c1', '400', 'r'); // 300 payable, then 100 of the 300 held
    expect(await linesOf(books, programId, 'adjustment:r')).toEqual([
      'creator:c1:payable 300.00',
      'creator:c1:held 100.00',
      'platform:recovered -400.00',
    ]);
    await earn(books, 'claw', PERIODS[2], []);
    expect(await linesOf(books, programId, `release:${PERIODS[2]}`)).toEqual([
      'creator:c1:held 150.00',
      'creator:c1:payable -150.00',
    ]);
    await earn(books, 'claw', PERIODS[3], []);
    expect(await linesOf(books, programId, `release:${PERIODS[3]}`)).toEqual([
      'creator:c1:held 50.00',
      'creator:c1:payable -50.00',
    ]);
    await expectSound('claw');
  });

  it('is not made good out of the holdbacks that come after it', async () => {
    const programId = await openPayingProgram(books, 'claw-all', payout('0.5', 1), ONE);
    await earn(books, 'claw-all', PERIODS[0], ONE);
    await clawback('claw-all', 'c1', '300', 'r'); // all of it
    await earn(books, 'claw-all', PERIODS[1], ONE);
    expect(await linesOf(books, programId, `release:${PERIODS[1]}`)).toEqual([]);
    await earn(books, 'claw-all', PERIODS[2], ONE);
    expect(await linesOf(books, programId, `release:${PERIODS[2]}`)).toEqual([
      'creator:c1:held 150.00',
      'creator:c1:payable -150.00',
    ]);
    await expectSound('claw-all');
  });

  it('that is reversed comes back to held, and out of it with the next release', async () => {
    const programId = await openPayingProgram(books, 'unclaw', payout('0.5', 1), ONE);
    await earn(books, 'unclaw', PERIODS[0], ONE);
    await clawback('unclaw', 'c1', '250', 'r');
    await earn(books, 'unclaw', PERIODS[1], []);
    expect(await balancesOf(books, programId, 'creator')).toEqual({ 'creator:c1:payable': '-50.00' });
    await reverse(books.ledger, 'unclaw', { entryKey: 'adjustment:r', reason: 'mistaken' }, BY);
    expect(await balancesOf(books, programId, 'creator')).toEqual({
      'creator:c1:held': '-100.00',
      'creator:c1:payable': '-200.00',
    });
    await earn(books, 'unclaw', PERIODS[2], []);
    expect(await balancesOf(books, programId, 'creator')).toEqual({ 'creator:c1:payable': '-300.00' });
    await expectSound('unclaw');
  });
});

describe('a holdback that a crash left pending', () => {
  /** Earns October and crashes after the close is committed. */
  async function crashAfterCommit(slug: string): Promise<number> {
    const programId = await openPayingProgram(books, slug, payout('0.5'), ONE);
    const slowSql = new Proxy(books.ledger.slowSql, {
      apply: (target, self, args) => {
        if (String(args[0]).includes('post_holdbacks')) {
          throw new Error('crash');
        }
        return Reflect.apply(target, self, args);
      },
    });
    const ledger = { ...books.ledger, slowSql };
    await expect(earn({ ...books, ledger }, slug, '2024-10', ONE)).rejects.toThrow('crash');
    expect(await linesOf(books, programId, 'holdback:2024-10')).toEqual([]);
    return programId;
  }

  it('is posted by the sweep, once', async () => {
    const programId = await crashAfterCommit('swept');
    const busy = { waiting: 1, active: 0, delayed: 0 };
    const queues = { enqueue: async () => undefined, depths: async () => ({ tally: busy, close: busy }) };
    await Promise.all([1, 2, 3].map(() => sweepLeftBehind(books.ledger, queues)));
    expect(await linesOf(books, programId, 'holdback:2024-10')).toEqual([
      'creator:c1:payable 150.00',
      'creator:c1:held -150.00',
    ]);
    await expectSound('swept');
  });

  it('is posted by the job when it runs again, once', async () => {
    const programId = await crashAfterCommit('again');
    await Promise.all([1, 2, 3].map(() => closePeriod(books.ledger, { program: 'again', period: '2024-10' })));
    expect(await balancesOf(books, programId, 'creator')).toEqual({
      'creator:c1:held': '-150.00',
      'creator:c1:payable': '-150.00',
    });
    await expectSound('again');
  });

  it('comes before the next close begins, whose allocation would change what is held back', async () => {
    const programId = await crashAfterCommit('next');
    await bookRevenue(books.ledger, 'next', { period: '2024-11', amount: '0.00', reference: 'ads' }, BY);
    await begin(books, await programOf(books, 'next'), '2024-11');
    expect(await balancesOf(books, programId, 'creator')).toEqual({
      'creator:c1:held': '-150.00',
      'creator:c1:payable': '-150.00',
    });
  });

  it('comes before anything else that is done with the balances', async () => {
    const programId = await crashAfterCommit('first');
    const run = await draftRun(books.ledger, 'first', BY);
    expect(run.gross).toBe('150.00');
    await approveRun(books.ledger, 'first', run.runId, run.contentHash, OTHER);
    expect(await balancesOf(books, programId, 'creator')).toEqual({ 'creator:c1:held': '-150.00' });
    await expectSound('first');
  });
});
