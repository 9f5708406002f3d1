import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setHold } from '../store/hold-store.ts';
import { listDecisions, listPayouts } from '../store/run-store.ts';
import { type Books, openBooks, programOf } from '../test-support/books.ts';
import {
  BY,
  balancesOf,
  EARNERS,
  earn,
  linesOf,
  OTHER,
  openPayingProgram,
  register,
} from '../test-support/payout-books.ts';
import { verifyProgram } from '../verify/verify-program.ts';
import { adjust, reverse } from './adjust.ts';
import { approveRun, discardRun, draftRun, exportRun, remit, returnOne, settleRun } from './payout-runs.ts';

let books: Books;
const PAYOUT = { minimum: '0', roundTo: '0.01', holdback: { share: '0', periods: 1 }, withholding: {} };

beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.close());

const refusedAs = (code: string) => expect.objectContaining({ code });

async function expectSound(slug: string): Promise<void> {
  const { checks } = await verifyProgram(books.ledger, await programOf(books, slug));
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
}

async function rowsOf(programId: number, runNumber: number) {
  const rows = await listPayouts(books.sql, programId, runNumber, { after: '', limit: 100 });
  return rows.map(({ creatorId, gross, withheld, net, reason }) => [creatorId, gross, withheld, net, reason]);
}

async function draftAndApprove(slug: string) {
  const run = await draftRun(books.ledger, slug, BY);
  return approveRun(books.ledger, slug, run.runId, run.contentHash, OTHER);
}

async function paid(slug: string) {
  const run = await draftAndApprove(slug);
  await exportRun(books.ledger, slug, run.runId, BY);
  return settleRun(books.ledger, slug, run.runId, 'bank-1', BY);
}

describe('a draft', () => {
  it('pays what is available, floored to roundTo, less tax rounded half even; the rest waits with a reason', async () => {
    const earners = [
      { creatorId: 'a', likes: 3 },
      { creatorId: 'b', likes: 2, taxCountry: 'BR' },
      { creatorId: 'c', likes: 2, payee: null },
      { creatorId: 'd', likes: 1, taxCountry: null },
      { creatorId: 'e', likes: 2 },
      { creatorId: 'f', likes: 1 },
      { creatorId: 'g', likes: 1 },
    ];
    const payout = { ...PAYOUT, minimum: '150', roundTo: '7', withholding: { ID: '0.0025', BR: '0.15' } };
    const programId = await openPayingProgram(books, 'draft', { payout }, earners);
    await earn(books, 'draft', '2024-10', earners);
    await setHold(books.sql, {
      programId,
      creatorId: 'e',
      action: 'placed',
      reason: 'fraud',
      note: null,
      actor: 'ada',
    });
    const clawback = { kind: 'clawback', creatorId: 'f', amount: '130', reason: 'fraud', reference: 'f' } as const;
    await adjust(books.ledger, 'draft', clawback, BY);
    const before = await balancesOf(books, programId);
    const run = await draftRun(books.ledger, 'draft', BY);
    expect(await rowsOf(programId, run.runNumber)).toEqual([
      ['a', '294.00', '0.74', '293.26', null], // 0.735: half goes to the even cent
      ['b', '196.00', '29.40', '166.60', null],
      ['c', '196.00', '0.49', '195.51', 'incomplete'],
      ['d', '0.00', '0.00', '0.00', 'below-minimum'],
      ['e', '196.00', '0.49', '195.51', 'on-hold'],
      ['f', '0.00', '0.00', '0.00', 'not-above-zero'],
      ['g', '0.00', '0.00', '0.00', 'below-minimum'],
    ]);
    expect(run).toMatchObject({
      runId: '2024-10-1',
      status: 'draft',
      payoutCount: 2,
      waitingCount: 5,
      gross: '490.00',
      net: '459.86',
    });
    expect(await balancesOf(books, programId)).toEqual(before);
    await expectSound('draft');
  });

  it('of the same balances by the same person is the one that stands', async () => {
    await openPayingProgram(books, 'again');
    await earn(books, 'again', '2024-10');
    const first = await draftRun(books.ledger, 'again', BY);
    const again = await draftRun(books.ledger, 'again', BY);
    expect([first.repeated, again.repeated, again.runId]).toEqual([false, true, first.runId]);
    expect((await draftRun(books.ledger, 'again', OTHER)).runId).toBe('2024-10-2');
    await discardRun(books.ledger, 'again', first.runId, 'not now', BY);
    expect((await draftRun(books.ledger, 'again', BY)).runId).toBe('2024-10-3');
  });

  it('needs a closed period', async () => {
    await openPayingProgram(books, 'open');
    await expect(draftRun(books.ledger, 'open', BY)).rejects.toEqual(refusedAs('nothing-closed'));
  });
});

describe('an approval', () => {
  it('posts the run as one entry, and once', async () => {
    const payout = { ...PAYOUT, withholding: { ID: '0.10' } };
    const programId = await openPayingProgram(books, 'approve', { payout });
    await earn(books, 'approve', '2024-10');
    const run = await draftAndApprove('approve');
    expect(run).toMatchObject({
      status: 'approved',
      approvedBy: 'ben',
      entryKey: 'payout-run:2024-10-1',
      repeated: false,
    });
    expect(await linesOf(books, programId, 'payout-run:2024-10-1')).toEqual([
      'creator:c1:payable 300.00',
      'creator:c2:payable 200.00',
      'creator:c3:payable 100.00',
      'payouts:clearing -540.00',
      'tax:ID -60.00',
    ]);
    const again = await approveRun(books.ledger, 'approve', run.runId, run.contentHash, OTHER);
    expect(again).toMatchObject({ status: 'approved', repeated: true });
    expect(await balancesOf(books, programId, 'creator:')).toEqual({});
    const decisions = await listDecisions(books.sql, programId, run.runNumber);
    expect(decisions.map(({ decision, actor, contentHash }) => [decision, actor, contentHash])).toEqual([
      ['draft', 'ada', run.contentHash],
      ['approve', 'ben', run.contentHash],
    ]);
    await expectSound('approve');
  });

  it('is not by whoever drafted, unless the policy asks no second person for payouts', async () => {
    await openPayingProgram(books, 'self');
    await openPayingProgram(books, 'alone', { approvals: [] });
    for (const slug of ['self', 'alone']) await earn(books, slug, '2024-10');
    const self = await draftRun(books.ledger, 'self', BY);
    await expect(approveRun(books.ledger, 'self', self.runId, self.contentHash, BY)).rejects.toEqual(
      refusedAs('self-approval'),
    );
    const alone = await draftRun(books.ledger, 'alone', BY);
    expect(await approveRun(books.ledger, 'alone', alone.runId, alone.contentHash, BY)).toMatchObject({
      status: 'approved',
    });
  });

  const changes: [string, (slug: string, programId: number) => Promise<unknown>][] = [
    [
      'a balance fell below its payout',
      (slug) =>
        adjust(
          books.ledger,
          slug,
          { kind: 'clawback', creatorId: 'c2', amount: '0.01', reason: 'r', reference: 'x' },
          BY,
        ),
    ],
    [
      'a creator is on hold',
      (_slug, programId) =>
        setHold(books.sql, { programId, creatorId: 'c2', action: 'placed', reason: 'fraud', note: null, actor: 'x' }),
    ],
    [
      'a bank account changed',
      (slug) =>
        register(
          books,
          slug,
          EARNERS.map((earner) => ({ ...earner, account: 'new' })),
        ),
    ],
    [
      'a tax country changed',
      (slug) =>
        register(
          books,
          slug,
          EARNERS.map((earner) => ({ ...earner, taxCountry: 'BR' })),
        ),
    ],
    [
      'another run was approved since',
      async (slug) => {
        const other = await draftRun(books.ledger, slug, OTHER);
        await approveRun(books.ledger, slug, other.runId, other.contentHash, BY);
        await earn(books, slug, '2024-11'); // also where the balance would do
      },
    ],
    [
      'a row of it was changed',
      (_slug, programId) =>
        books.owner`UPDATE payout SET payee = 'Mallory' WHERE program_id = ${programId} AND creator_id = 'c2'`,
    ],
  ];
  it.each(changes)('is refused where %s', async (what, change) => {
    const slug = `changed-${changes.findIndex(([name]) => name === what)}`;
    const programId = await openPayingProgram(books, slug);
    await earn(books, slug, '2024-10');
    const run = await draftRun(books.ledger, slug, BY);
    await change(slug, programId);
    const before = await balancesOf(books, programId);
    await expect(approveRun(books.ledger, slug, run.runId, run.contentHash, OTHER)).rejects.toEqual(
      refusedAs('run-changed'),
    );
    expect(await balancesOf(books, programId)).toEqual(before);
  });

  it('is refused with another hash, for a discarded run, and where nothing is due', async () => {
    await openPayingProgram(books, 'refused', { payout: { ...PAYOUT, minimum: '5000' } });
    await earn(books, 'refused', '2024-10');
    const run = await draftRun(books.ledger, 'refused', BY);
    const approve = (hash: string) => approveRun(books.ledger, 'refused', run.runId, hash, OTHER);
    await expect(approve('0'.repeat(64))).rejects.toEqual(refusedAs('run-changed'));
    await expect(approve(run.contentHash)).rejects.toEqual(refusedAs('nothing-due'));
    await discardRun(books.ledger, 'refused', run.runId, 'too early', BY);
    await expect(approve(run.contentHash)).rejects.toEqual(refusedAs('run-discarded'));
    await expect(exportRun(books.ledger, 'refused', run.runId, BY)).rejects.toEqual(refusedAs('run-not-approved'));
    await expect(exportRun(books.ledger, 'refused', '2024-10-9', BY)).rejects.toEqual(refusedAs('run-unknown'));
  });
});

describe('paying', () => {
  const payout = { ...PAYOUT, withholding: { ID: '0.10' } };

  it('goes through export to settlement, which empties clearing', async () => {
    const programId = await openPayingProgram(books, 'settle', { payout });
    await earn(books, 'settle', '2024-10');
    const run = await draftAndApprove('settle');
    await expect(settleRun(books.ledger, 'settle', run.runId, undefined, BY)).rejects.toEqual(
      refusedAs('run-not-exported'),
    );
    await exportRun(books.ledger, 'settle', run.runId, BY);
    expect(await settleRun(books.ledger, 'settle', run.runId, 'b', BY)).toMatchObject({
      status: 'settled',
      settled: '540.00',
    });
    expect(await settleRun(books.ledger, 'settle', run.runId, 'b', BY)).toMatchObject({ repeated: true });
    expect(await balancesOf(books, programId, 'p')).toMatchObject({ 'platform:cash': '-540.00' });
    expect(await balancesOf(books, programId, 'payouts')).toEqual({});
    await expectSound('settle');
  });

  it('returns a payout before settlement out of clearing, tax too; the creator is not paid again until the hold is lifted', async () => {
    const programId = await openPayingProgram(books, 'return', { payout });
    await earn(books, 'return', '2024-10');
    const run = await draftAndApprove('return');
    const returned = await returnOne(
      books.ledger,
      'return',
      run.runId,
      { creatorId: 'c2', reason: 'account closed' },
      BY,
    );
    expect(returned).toMatchObject({ net: '180.00', taxBack: '20.00', afterSettling: false, repeated: false });
    expect(await linesOf(books, programId, 'payout-returned:2024-10-1-2')).toEqual([
      'payouts:clearing 180.00',
      'tax:ID 20.00',
      'creator:c2:payable -200.00',
    ]);
    const again = await returnOne(books.ledger, 'return', run.runId, { creatorId: 'c2', reason: 'account closed' }, BY);
    expect(again.repeated).toBe(true);
    await exportRun(books.ledger, 'return', run.runId, BY);
    expect(await settleRun(books.ledger, 'return', run.runId, 'b', BY)).toMatchObject({
      settled: '360.00',
      returned: '180.00',
    });
    expect(await balancesOf(books, programId, 'payouts')).toEqual({});
    const next = await draftRun(books.ledger, 'return', BY);
    expect(await rowsOf(programId, next.runNumber)).toEqual([['c2', '200.00', '20.00', '180.00', 'on-hold']]);
    await setHold(books.sql, {
      programId,
      creatorId: 'c2',
      action: 'lifted',
      reason: 'returned',
      note: 'new account',
      actor: 'ada',
    });
    const third = await draftRun(books.ledger, 'return', BY);
    expect(await rowsOf(programId, third.runNumber)).toEqual([['c2', '200.00', '20.00', '180.00', null]]);
    await expectSound('return');
  });

  it('returns a payout after settlement to cash, without the tax that was remitted', async () => {
    const programId = await openPayingProgram(books, 'late-return', { payout });
    await earn(books, 'late-return', '2024-10');
    const run = await paid('late-return');
    const remitted = await remit(books.ledger, 'late-return', { country: 'ID', reference: 't1' }, BY);
    expect(remitted).toMatchObject({ entryKey: 'tax-remitted:t1', amount: '60.00' });
    expect(await remit(books.ledger, 'late-return', { country: 'ID', reference: 't1' }, BY)).toMatchObject({
      repeated: true,
      amount: '60.00',
    });
    await expect(remit(books.ledger, 'late-return', { country: 'ID', reference: 't2' }, BY)).rejects.toEqual(
      refusedAs('nothing-to-remit'),
    );
    await expect(remit(books.ledger, 'late-return', { country: 'BR', reference: 't1' }, BY)).rejects.toEqual(
      refusedAs('reference-conflict'),
    );
    await returnOne(books.ledger, 'late-return', run.runId, { creatorId: 'c1', reason: 'bounced' }, BY);
    expect(await linesOf(books, programId, 'payout-returned:2024-10-1-1')).toEqual([
      'platform:cash 270.00',
      'creator:c1:payable -270.00',
    ]);
    await expectSound('late-return');
  });

  it('remits by run, and again after a remittance was reversed', async () => {
    const programId = await openPayingProgram(books, 'remit', { payout });
    await earn(books, 'remit', '2024-10');
    const first = await paid('remit');
    await earn(books, 'remit', '2024-11');
    await paid('remit');
    expect(await remit(books.ledger, 'remit', { country: 'ID', run: first.runId, reference: 'r1' }, BY)).toMatchObject({
      amount: '60.00',
    });
    await reverse(books.ledger, 'remit', { entryKey: 'tax-remitted:r1', reason: 'bounced' }, BY);
    await returnOne(books.ledger, 'remit', first.runId, { creatorId: 'c1', reason: 'bounced' }, BY);
    expect(await remit(books.ledger, 'remit', { country: 'ID', reference: 'r2' }, BY)).toMatchObject({
      amount: '90.00',
    });
    expect(await balancesOf(books, programId, 'tax')).toEqual({});
    await expectSound('remit');
  });

  it('pays a currency without decimals, and 30 digits', async () => {
    const programId = await openPayingProgram(books, 'yen', {
      currency: 'JPY',
      payout: { ...PAYOUT, roundTo: '1', withholding: { ID: '0.125' } },
    });
    await earn(books, 'yen', '2024-10', [{ creatorId: 'c1', likes: 1 }]);
    const big = '123456789012345678901234567890';
    await adjust(
      books.ledger,
      'yen',
      { kind: 'adjustment', creatorId: 'c2', amount: big, reason: 'big', reference: 'big' },
      BY,
    );
    const run = await paid('yen');
    expect(await rowsOf(programId, run.runNumber)).toEqual([
      ['c1', '100', '12', '88', null], // 12.5: half goes to the even yen
      ['c2', big, '15432098626543209862654320986', '108024690385802469038580246904', null],
    ]);
    await expectSound('yen');
  });
});
