import { listDecisions } from '@rewardbook/db/books/runs';
import { BY_CREATOR, listPayouts } from '@rewardbook/db/lists/payouts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../../../test/support/people.ts';
import { adjust, reverse } from '../adjustments/adjust.ts';
import { setHold } from '../holds/sql.ts';
import { applyPolicy } from '../programs/apply-policy.ts';
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
  const rows = await listPayouts(books.sql, { programId, runNumber, filter: {} }, { ...BY_CREATOR, limit: 100 });
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
      actor: actorOf('ada'),
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

  it('of the same balances by the same person is the existing draft', async () => {
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
    const decisions = await listDecisions(books.sql, programId, run.runNumber, null);
    expect(decisions.map(({ decision, actor, contentHash }) => [decision, actor, contentHash])).toEqual([
      ['draft', 'ada', run.contentHash],
      ['approve', 'ben', run.contentHash],
    ]);
    await expectSound('approve');
  });

  it('is not by whoever drafted, unless the policy asks no second person for payouts', async () => {
    await openPayingProgram(books, 'self');
    await openPayingProgram(books, 'alone', { approvals: [] });
    for (const slug of ['self', 'alone']) {
      await earn(books, slug, '2024-10');
    }
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
        setHold(books.sql, {
          programId,
          creatorId: 'c2',
          action: 'placed',
          reason: 'fraud',
          note: null,
          actor: actorOf('ada'),
        }),
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
    ['a period was closed since', (slug) => earn(books, slug, '2024-11', [])],
    [
      'a period was closed since, under another withholding',
      async (slug, programId) => {
        const [{ policy } = { policy: '' }] = await books.sql<{ policy: string }[]>`
          SELECT policy FROM policy_version WHERE program_id = ${programId}`;
        const next = { ...JSON.parse(policy), payout: { ...PAYOUT, withholding: { ID: '0.2' } } };
        await applyPolicy(books.ledger, { program: slug, policy: next, from: undefined, actor: actorOf('ada') });
        await earn(books, slug, '2024-11');
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
      actor: actorOf('ada'),
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

  it('settles once: under another reference of the bank it is refused', async () => {
    await openPayingProgram(books, 'settle-again', { payout });
    await earn(books, 'settle-again', '2024-10');
    const { runId } = await paid('settle-again'); // under bank-1
    const settle = (reference?: string) => settleRun(books.ledger, 'settle-again', runId, reference, BY);
    await expect(settle('bank-2')).rejects.toEqual(refusedAs('reference-conflict'));
    expect(await settle('bank-1')).toMatchObject({ repeated: true });
    expect(await settle()).toMatchObject({ repeated: true });

    await earn(books, 'settle-again', '2024-11');
    const next = await draftAndApprove('settle-again');
    await exportRun(books.ledger, 'settle-again', next.runId, BY);
    await settleRun(books.ledger, 'settle-again', next.runId, undefined, BY);
    await expect(settleRun(books.ledger, 'settle-again', next.runId, 'bank-3', BY)).rejects.toEqual(
      refusedAs('reference-conflict'),
    );
  });

  it('withholds nothing again of what came back net of a tax that was remitted, however often it comes back', async () => {
    const programId = await openPayingProgram(books, 'taxed', { payout });
    const lift = () =>
      setHold(books.sql, {
        programId,
        creatorId: 'c1',
        action: 'lifted',
        reason: 'returned',
        note: null,
        actor: actorOf('ada'),
      });
    const back = (runId: string) => returnOne(books.ledger, 'taxed', runId, { creatorId: 'c1', reason: 'r' }, BY);
    await earn(books, 'taxed', '2024-08', [{ creatorId: 'c1', likes: 2 }]);
    const first = await paid('taxed'); // 200.00, of which 20.00 are tax
    await remit(books.ledger, 'taxed', { country: 'ID', reference: 't1' }, BY);
    await back(first.runId);
    await earn(books, 'taxed', '2024-09', [{ creatorId: 'c1', likes: 1 }]);
    const onHold = await draftRun(books.ledger, 'taxed', BY);
    expect(await rowsOf(programId, onHold.runNumber)).toEqual([['c1', '280.00', '10.00', '270.00', 'on-hold']]);
    await lift();
    const second = await paid('taxed'); // 180.00 of before, and 100.00
    expect(await rowsOf(programId, second.runNumber)).toEqual([['c1', '280.00', '10.00', '270.00', null]]);
    expect(
      await listPayouts(books.sql, { programId, runNumber: second.runNumber, filter: {} }, { ...BY_CREATOR, limit: 9 }),
    ).toMatchObject([{ taxedBefore: '180.00' }]);

    await back(second.runId); // before its tax is remitted: all of it comes back, and 180.00 are taxed as before
    await lift();
    const third = await paid('taxed');
    expect(await rowsOf(programId, third.runNumber)).toEqual([['c1', '280.00', '10.00', '270.00', null]]);
    await remit(books.ledger, 'taxed', { country: 'ID', reference: 't2' }, BY);
    await back(third.runId); // after: what comes back is taxed, all of it
    await lift();
    await earn(books, 'taxed', '2024-10', []);
    const fourth = await paid('taxed');
    expect(await rowsOf(programId, fourth.runNumber)).toEqual([['c1', '270.00', '0.00', '270.00', null]]);

    await earn(books, 'taxed', '2024-11', [{ creatorId: 'c1', likes: 1 }]); // nothing is left of it
    const fifth = await paid('taxed');
    expect(await rowsOf(programId, fifth.runNumber)).toEqual([['c1', '100.00', '10.00', '90.00', null]]);
    await back(fourth.runId); // nothing of it was withheld: it comes back as it went out
    await lift();
    const sixth = await paid('taxed');
    expect(await rowsOf(programId, sixth.runNumber)).toEqual([['c1', '270.00', '0.00', '270.00', null]]);
    expect(await balancesOf(books, programId, 'tax')).toEqual({ 'tax:ID': '-10.00' });
    await expectSound('taxed');
  });

  it('refuses a draft whose withholding a return has changed since', async () => {
    const programId = await openPayingProgram(books, 'taxed-since', { payout });
    await earn(books, 'taxed-since', '2024-10');
    const run = await paid('taxed-since');
    await remit(books.ledger, 'taxed-since', { country: 'ID', reference: 't' }, BY);
    const bonus = { kind: 'adjustment', creatorId: 'c1', amount: '50', reason: 'r', reference: 'x' } as const;
    await adjust(books.ledger, 'taxed-since', bonus, BY);
    const draft = await draftRun(books.ledger, 'taxed-since', BY);
    await returnOne(books.ledger, 'taxed-since', run.runId, { creatorId: 'c1', reason: 'r' }, BY);
    const call = {
      programId,
      creatorId: 'c1',
      action: 'lifted',
      reason: 'returned',
      note: null,
      actor: actorOf('ada'),
    } as const;
    await setHold(books.sql, call);
    await expect(approveRun(books.ledger, 'taxed-since', draft.runId, draft.contentHash, OTHER)).rejects.toEqual(
      refusedAs('run-changed'),
    );
    const again = await draftAndApprove('taxed-since');
    expect(await rowsOf(programId, again.runNumber)).toEqual([['c1', '320.00', '5.00', '315.00', null]]);
    await expectSound('taxed-since');
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
    await expect(
      remit(books.ledger, 'remit', { country: 'ID', run: first.runId, reference: 'r1' }, BY),
    ).rejects.toMatchObject({ code: 'reference-reversed', message: expect.stringContaining('tax-remitted:r1') });
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
