import { BooksRefused } from '@rewardbook/db/errors';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { actorOf } from '../../../../test/support/people.ts';
import { type Answer, doOrAsk } from '../approvals/gate.ts';
import { findRequest, listRequests } from '../approvals/sql.ts';
import { beginClose, planBeginClose } from '../close/begin-close.ts';
import { carryOut, decide } from '../decisions/decide.ts';
import { setHold } from '../holds/sql.ts';
import { approveRun, draftRun } from '../payouts/payout-runs.ts';
import { applyPolicy, applyPolicyOrAsk } from '../programs/apply-policy.ts';
import { sweepLeftBehind } from '../recovery/sweep.ts';
import { bookRevenue, planRevenue } from '../revenue/book-revenue.ts';
import { type Books, openBooks, programOf, testPolicy } from '../test-support/books.ts';
import { BY, balancesOf, earn, linesOf, OTHER, openPayingProgram } from '../test-support/payout-books.ts';
import { verifyProgram } from '../verify/verify-program.ts';
import { adjust, bookCash, reverse } from './adjust.ts';
import { postAdjustment } from './sql.ts';

let books: Books;

beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.close());

const refusedAs = (code: string) => expect.objectContaining({ code });

async function expectSound(slug: string): Promise<void> {
  const { checks } = await verifyProgram(books.ledger, await programOf(books, slug));
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
}

type Kind = 'adjustment' | 'clawback' | 'write-off' | 'unclaimed';

const move = (slug: string, kind: Kind, creatorId: string, amount: string, reference: string, reason = 'because') =>
  adjust(books.ledger, slug, { kind, creatorId, amount, reason, reference }, BY);

function requestOf<Value>(answer: Answer<Value>) {
  if (answer.done) {
    throw new Error('no approval was needed');
  }
  return answer.request;
}

describe('an adjustment', () => {
  it('moves money between a creator and the platform, each kind by its accounts', async () => {
    const programId = await openPayingProgram(books, 'kinds');
    await earn(books, 'kinds', '2024-10');
    await move('kinds', 'adjustment', 'c1', '5.5', 'up');
    await move('kinds', 'adjustment', 'c1', '-1.25', 'down');
    await move('kinds', 'clawback', 'c3', '150', 'claw');
    await move('kinds', 'write-off', 'c3', '50', 'off');
    await move('kinds', 'unclaimed', 'c2', '200', 'gone');
    expect(await balancesOf(books, programId, 'creator')).toEqual({ 'creator:c1:payable': '-304.25' });
    expect(await linesOf(books, programId, 'adjustment:down')).toEqual([
      'platform:rewards-expense -1.25',
      'creator:c1:payable 1.25',
    ]);
    expect(await linesOf(books, programId, 'adjustment:claw')).toEqual([
      'creator:c3:payable 150.00',
      'platform:recovered -150.00',
    ]);
    expect(await linesOf(books, programId, 'adjustment:off')).toEqual([
      'platform:write-off 50.00',
      'creator:c3:payable -50.00',
    ]);
    expect(await linesOf(books, programId, 'adjustment:gone')).toEqual([
      'creator:c2:payable 200.00',
      'platform:unclaimed -200.00',
    ]);
    await expectSound('kinds');
  });

  it('has an effect once for its reference', async () => {
    const programId = await openPayingProgram(books, 'twice');
    await earn(books, 'twice', '2024-10');
    const answers = await Promise.all([1, 2, 3, 4].map(() => move('twice', 'adjustment', 'c1', '5.50', 'same')));
    expect(answers.filter((answer) => answer.done && answer.value.created)).toHaveLength(1);
    expect(await balancesOf(books, programId, 'creator:c1')).toEqual({ 'creator:c1:payable': '-305.50' });
    await expect(move('twice', 'adjustment', 'c1', '5.51', 'same')).rejects.toEqual(refusedAs('reference-conflict'));
    await expect(move('twice', 'clawback', 'c1', '5.50', 'same')).rejects.toEqual(refusedAs('reference-conflict'));
  });

  it('is refused for an unknown creator, an amount of zero, and more than there is', async () => {
    await openPayingProgram(books, 'beyond');
    await earn(books, 'beyond', '2024-10');
    await expect(move('beyond', 'adjustment', 'nobody', '1', 'a')).rejects.toEqual(refusedAs('creator-unknown'));
    await expect(move('beyond', 'adjustment', 'c1', '0', 'a')).rejects.toEqual(refusedAs('bad-adjustment'));
    await expect(move('beyond', 'clawback', 'c1', '-1', 'a')).rejects.toEqual(refusedAs('bad-adjustment'));
    await expect(move('beyond', 'write-off', 'c1', '1', 'a')).rejects.toEqual(refusedAs('bad-adjustment'));
    await expect(move('beyond', 'unclaimed', 'c1', '300.01', 'a')).rejects.toEqual(refusedAs('bad-adjustment'));
    await expect(move('beyond', 'adjustment', 'c1', '0.001', 'a')).rejects.toEqual(refusedAs('too-many-decimals'));
  });

  it('that leaves a negative balance is repaid by later earnings before anything is paid', async () => {
    const programId = await openPayingProgram(books, 'repay');
    await earn(books, 'repay', '2024-09');
    await move('repay', 'clawback', 'c1', '500', 'fraud');
    await earn(books, 'repay', '2024-10');
    const run = await draftRun(books.ledger, 'repay', BY);
    expect(run.gross).toBe('700.00'); // c1 300 − 500 + 300, c2 400, c3 200
    await approveRun(books.ledger, 'repay', run.runId, run.contentHash, OTHER);
    expect(await linesOf(books, programId, run.entryKey ?? 'payout-run:2024-10-1')).toContain(
      'creator:c1:payable 100.00',
    );
    await expectSound('repay');
  });
});

describe('a reversal', () => {
  it('negates an entry that it names, once', async () => {
    const programId = await openPayingProgram(books, 'reverse');
    await earn(books, 'reverse', '2024-10');
    await move('reverse', 'adjustment', 'c1', '5.50', 'up');
    const undo = () => reverse(books.ledger, 'reverse', { entryKey: 'adjustment:up', reason: 'typed twice' }, BY);
    const answers = await Promise.all([undo(), undo(), undo()]);
    expect(answers.filter((answer) => answer.done && answer.value.created)).toHaveLength(1);
    const [entry] = await books.sql`
      SELECT kind, reverses FROM journal_entry WHERE program_id = ${programId} AND entry_key = 'reversal:adjustment:up'`;
    expect(entry).toEqual({ kind: 'reversal', reverses: 'adjustment:up' });
    expect(await linesOf(books, programId, 'reversal:adjustment:up')).toEqual([
      'platform:rewards-expense -5.50',
      'creator:c1:payable 5.50',
    ]);
    expect(await balancesOf(books, programId, 'creator:c1')).toEqual({ 'creator:c1:payable': '-300.00' });
    await expectSound('reverse');
  });

  it.each([
    ['a close', 'close:2024-10', 'not-reversible'],
    ['revenue, which is corrected by a booking', 'revenue:ads-2024-10', 'not-reversible'],
    ['a payout run, whose payouts are returned', 'payout-run:2024-10-1', 'not-reversible'],
    ['a reversal', 'reversal:receipt:r', 'not-reversible'],
    ['nothing', 'adjustment:none', 'entry-unknown'],
  ])('is refused of %s', async (_what, entryKey, code) => {
    const slug = 'irreversible';
    const known = await books.sql`SELECT 1 FROM program WHERE slug = ${slug}`;
    if (known.length === 0) {
      await openPayingProgram(books, slug);
      await earn(books, slug, '2024-10');
      const run = await draftRun(books.ledger, slug, BY);
      await approveRun(books.ledger, slug, run.runId, run.contentHash, OTHER);
      await bookCash(books.ledger, slug, { kind: 'receipt', amount: '1', reference: 'r' }, BY);
      await reverse(books.ledger, slug, { entryKey: 'receipt:r', reason: 'bounced' }, BY);
    }
    await expect(reverse(books.ledger, slug, { entryKey, reason: 'r' }, BY)).rejects.toEqual(refusedAs(code));
  });
});

describe('a reference whose entry was reversed', () => {
  const kinds = ['adjustment', 'clawback', 'write-off', 'unclaimed', 'receipt', 'funding'] as const;
  it.each(kinds)('is refused with that entry, not answered as done: %s', async (kind) => {
    const slug = `reversed-${kind}`;
    const programId = await openPayingProgram(books, slug);
    await earn(books, slug, '2024-10');
    if (kind === 'write-off') {
      await move(slug, 'clawback', 'c1', '305', 'debt');
    }
    const reference = 'ref ü';
    const isCash = kind === 'receipt' || kind === 'funding';
    const post = (amount = '5.00') =>
      isCash
        ? bookCash(books.ledger, slug, { kind, amount, reference }, BY)
        : move(slug, kind, 'c1', amount, reference);
    await post();
    const entryKey = `${isCash ? kind : 'adjustment'}:${reference}`;
    const before = await balancesOf(books, programId);
    await reverse(books.ledger, slug, { entryKey, reason: 'mistaken' }, BY);
    const refused = { code: 'reference-reversed', message: expect.stringContaining(entryKey) };
    await expect(post()).rejects.toMatchObject(refused);
    await expect(post('6.00')).rejects.toMatchObject(refused);
    // Undoing it again is done already.
    const undone = await reverse(books.ledger, slug, { entryKey, reason: 'mistaken' }, BY);
    expect(undone).toMatchObject({ done: true, value: { created: false } });
    expect(await balancesOf(books, programId)).not.toEqual(before);
    await expectSound(slug);
  });

  it('is refused before anybody is asked to approve it', async () => {
    await openPayingProgram(books, 'reversed-asked', { approvals: ['adjustments'] });
    await earn(books, 'reversed-asked', '2024-10');
    const approve = <Value>(answer: Answer<Value>) =>
      decide(books.ledger, 'reversed-asked', requestOf(answer).number, { isApproved: true }, OTHER);
    await approve(await move('reversed-asked', 'adjustment', 'c1', '5', 'r'));
    await approve(await reverse(books.ledger, 'reversed-asked', { entryKey: 'adjustment:r', reason: 'r' }, BY));
    await expect(move('reversed-asked', 'adjustment', 'c1', '5', 'r')).rejects.toEqual(refusedAs('reference-reversed'));
  });
});

describe('cash', () => {
  it('comes in as receipts of revenue and as funding, once for a reference', async () => {
    const programId = await openPayingProgram(books, 'cash');
    await earn(books, 'cash', '2024-10');
    const receipt = { kind: 'receipt', amount: '600', reference: 'r' } as const;
    await bookCash(books.ledger, 'cash', receipt, BY);
    expect(await bookCash(books.ledger, 'cash', receipt, BY)).toMatchObject({ created: false, amount: '600.00' });
    await bookCash(books.ledger, 'cash', { kind: 'funding', amount: '50', reference: 'r' }, BY);
    expect(await balancesOf(books, programId, 'platform')).toEqual({
      'platform:ad-revenue': '-600.00',
      'platform:cash': '650.00',
      'platform:funding': '-50.00',
      'platform:rewards-expense': '600.00',
    });
    for (const other of [{ amount: '601' }, { reason: 'of another contract' }]) {
      await expect(bookCash(books.ledger, 'cash', { ...receipt, ...other }, BY)).rejects.toEqual(
        refusedAs('reference-conflict'),
      );
    }
    await expectSound('cash');
  });
});

it('a correction of revenue after a close is booked in an open period, names what it corrects, and lowers the next pool', async () => {
  const programId = await openPayingProgram(books, 'correct');
  await earn(books, 'correct', '2024-09');
  const correction = { period: '2024-10', amount: '-250.00', reference: 'cn', corrects: 'revenue:ads-2024-09' };
  await expect(bookRevenue(books.ledger, 'correct', { ...correction, period: '2024-09' }, BY)).rejects.toEqual(
    refusedAs('period-closed'),
  );
  await bookRevenue(books.ledger, 'correct', correction, BY);
  await earn(books, 'correct', '2024-10');
  const [period] =
    await books.sql`SELECT funded::text FROM close WHERE program_id = ${programId} AND period = '2024-10'`;
  expect(period).toEqual({ funded: '350.00' });
  await expectSound('correct');
});

describe('what the policy lists under approvals', () => {
  const ASKING = { approvals: ['payouts', 'adjustments'] } as const;
  const asked = (slug: string, reference: string) => move(slug, 'adjustment', 'c1', '5.50', reference).then(requestOf);
  const approval = (payloadHash?: string) => ({ isApproved: true, payloadHash });

  it('is asked for once, done when somebody else approves, and then is done', async () => {
    const programId = await openPayingProgram(books, 'ask', ASKING);
    await earn(books, 'ask', '2024-10');
    const request = await asked('ask', 'r');
    expect(request).toMatchObject({ status: 'pending', kind: 'adjustment', key: 'adjustment:r', requestedBy: 'ada' });
    expect((await asked('ask', 'r')).number).toBe(request.number);
    await expect(move('ask', 'adjustment', 'c1', '6', 'r')).rejects.toEqual(refusedAs('reference-conflict'));
    expect(await balancesOf(books, programId, 'creator:c1')).toEqual({ 'creator:c1:payable': '-300.00' });

    await expect(decide(books.ledger, 'ask', request.number, approval(), BY)).rejects.toEqual(
      refusedAs('self-approval'),
    );
    await expect(decide(books.ledger, 'ask', request.number, approval('0'.repeat(64)), OTHER)).rejects.toEqual(
      refusedAs('request-changed'),
    );
    const decisions = await Promise.all(
      [1, 2, 3].map(() => decide(books.ledger, 'ask', request.number, approval(request.payloadHash), OTHER)),
    );
    expect(decisions[0]).toMatchObject({ status: 'executed', decidedBy: 'ben', outcome: 'adjustment:r' });
    expect(await balancesOf(books, programId, 'creator:c1')).toEqual({ 'creator:c1:payable': '-305.50' });
    const [entry] = await books.sql<{ details: string }[]>`
      SELECT details FROM journal_entry WHERE program_id = ${programId} AND entry_key = 'adjustment:r'`;
    expect(JSON.parse(entry?.details ?? '')).toMatchObject({ by: 'ada', approvedBy: 'ben', reason: 'because' });
    expect((await move('ask', 'adjustment', 'c1', '5.50', 'r')).done).toBe(true);
    await expectSound('ask');
  });

  it('is not done when it is rejected, and can be asked for again; whoever asked may take it back', async () => {
    const programId = await openPayingProgram(books, 'reject', ASKING);
    await earn(books, 'reject', '2024-10');
    const first = await asked('reject', 'r');
    expect(await decide(books.ledger, 'reject', first.number, { isApproved: false, note: 'no' }, BY)).toMatchObject({
      status: 'rejected',
      decidedBy: null,
      note: 'no',
    });
    await expect(decide(books.ledger, 'reject', first.number, approval(), OTHER)).rejects.toEqual(
      refusedAs('request-decided'),
    );
    const second = await asked('reject', 'r');
    expect(second.number).toBe(first.number + 1);
    await decide(books.ledger, 'reject', second.number, { isApproved: false }, OTHER);
    expect(await balancesOf(books, programId, 'creator:c1')).toEqual({ 'creator:c1:payable': '-300.00' });
    expect(await listRequests(books.sql, programId, { status: 'rejected', after: 0, limit: 9 })).toHaveLength(2);
    await expectSound('reject');
  });

  it('fails when it can no longer be carried out', async () => {
    const programId = await openPayingProgram(books, 'fail', ASKING);
    await earn(books, 'fail', '2024-10');
    const request = requestOf(await move('fail', 'unclaimed', 'c1', '300', 'r'));
    const run = await draftRun(books.ledger, 'fail', BY);
    await approveRun(books.ledger, 'fail', run.runId, run.contentHash, OTHER);
    const decided = await decide(books.ledger, 'fail', request.number, approval(), OTHER);
    expect(decided).toMatchObject({ status: 'failed', outcome: expect.stringContaining('bad-adjustment') });
    expect((await asked('fail', 'r')).status).toBe('pending');
    expect(programId).toBeGreaterThan(0);
    await expectSound('fail');
  });

  it('holds for reversals too, and is carried out by the sweep where a crash came between', async () => {
    const programId = await openPayingProgram(books, 'crash', ASKING);
    await earn(books, 'crash', '2024-10');
    await bookCash(books.ledger, 'crash', { kind: 'funding', amount: '9', reference: 'f' }, BY);
    const request = requestOf(await reverse(books.ledger, 'crash', { entryKey: 'funding:f', reason: 'r' }, BY));
    const crashing = new Proxy(books.ledger.slowSql, {
      apply: () => {
        throw new Error('crash');
      },
    });
    const ledger = { ...books.ledger, slowSql: crashing };
    await expect(decide(ledger, 'crash', request.number, approval(), OTHER)).rejects.toThrow('crash');
    expect(await findRequest(books.sql, programId, request.number)).toMatchObject({ status: 'approved' });
    await books.owner`UPDATE approval_request SET decided_at = now() - interval '1 minute' WHERE program_id = ${programId}`;
    const idle = { waiting: 0, active: 0, delayed: 0 };
    const queues = { enqueue: async () => undefined, depths: async () => ({ tally: idle, close: idle }) };
    await sweepLeftBehind(books.ledger, queues, () => BY.now);
    expect(await findRequest(books.sql, programId, request.number)).toMatchObject({
      status: 'executed',
      outcome: 'reversal:funding:f',
    });
    expect(await balancesOf(books, programId, 'platform:f')).toEqual({});
    await expectSound('crash');
  });

  it('is for exactly what was asked for, in any script, whatever the services say', async () => {
    const programId = await openPayingProgram(books, 'exact', ASKING);
    await earn(books, 'exact', '2024-10');
    const reason = 'Zoë’s "bonus" \\ 100 % 𝒳 –\u2028пробa';
    const request = requestOf(await move('exact', 'adjustment', 'c1', '10', 'ref ü', reason));
    await books.owner`
      UPDATE approval_request SET status = 'approved', decided_by = 'ben', decided_at = now() WHERE program_id = ${programId}`;
    const what = { kind: 'adjustment', creatorId: 'c1', amount: '10.00', reason, reference: 'ref ü' } as const;
    const call = { ...what, programId, effectiveAt: '2024-12-15', actor: actorOf('ada') };
    await expect(postAdjustment(books.sql, { ...call, amount: '1000.00' })).rejects.toEqual(
      refusedAs('approval-needed'),
    );
    expect(await postAdjustment(books.sql, call)).toEqual({ entryKey: 'adjustment:ref ü', created: true });
    await decide(books.ledger, 'exact', request.number, approval(), OTHER);
    expect(await findRequest(books.sql, programId, request.number)).toMatchObject({ status: 'executed' });
    await expectSound('exact');
  });

  it('is used up by what is done under it: a policy that was carried out is not carried out again after the next one', async () => {
    const programId = await openPayingProgram(books, 'used', { approvals: ['policy'] });
    const policy = (revenueShare: string) => ({
      ...{ program: 'used', policy: testPolicy({ program: 'used', approvals: ['policy'], revenueShare }) },
      ...{ from: undefined, actor: actorOf('ada') },
    });
    const first = requestOf(await applyPolicyOrAsk(books.ledger, policy('0.5')));
    // Approved, and carried out by a process that ends before it can note it.
    await books.owner`UPDATE approval_request SET status = 'approved', decided_by = 'ben', decided_at = now() - interval '1 minute'
                      WHERE program_id = ${programId} AND request_no = ${first.number}`;
    expect(await applyPolicy(books.ledger, policy('0.5'))).toMatchObject({ version: 2, changed: true });
    expect(await findRequest(books.sql, programId, first.number)).toMatchObject({
      ...{ status: 'executed', outcome: 'policy version 2' },
    });
    const next = requestOf(await applyPolicyOrAsk(books.ledger, policy('0.1')));
    await decide(books.ledger, 'used', next.number, approval(), OTHER);
    await carryOut(books.ledger, 'used', first.number, BY.now);
    const versions = await books.sql`SELECT version FROM policy_version WHERE program_id = ${programId}`;
    expect(versions).toHaveLength(3);
    await expect(applyPolicy(books.ledger, policy('0.5'))).rejects.toEqual(refusedAs('approval-needed'));
  });

  it('is not turned off by a policy before a close under it, and not by a request that says something else', async () => {
    const programId = await openPayingProgram(books, 'off', ASKING);
    await earn(books, 'off', '2024-09');
    const [{ policy } = { policy: '' }] = await books.sql<
      { policy: string }[]
    >`SELECT policy FROM policy_version WHERE program_id = ${programId}`;
    const input = {
      program: 'off',
      policy: { ...JSON.parse(policy), approvals: [] },
      from: undefined,
      actor: actorOf('ada'),
    };
    const turningOff = requestOf(await applyPolicyOrAsk(books.ledger, input));
    expect(await decide(books.ledger, 'off', turningOff.number, approval(), OTHER)).toMatchObject({
      status: 'executed',
    });
    expect((await asked('off', 'r')).status).toBe('pending');
    await earn(books, 'off', '2024-10');
    expect((await move('off', 'adjustment', 'c1', '5.50', 'r')).done).toBe(true);
  });
});

it('revenue, policies and closes need a second person where the policy lists them; the first policy does not', async () => {
  const programId = await openPayingProgram(books, 'gated', { approvals: ['revenue', 'policy', 'close'] });
  const approve = async <Value>(answer: Answer<Value>) =>
    decide(books.ledger, 'gated', requestOf(answer).number, { isApproved: true }, OTHER);
  const booking = { period: '2024-10', amount: '0.00', reference: 'ads' };
  const ask = async (body: typeof booking) => doOrAsk(books.ledger, await planRevenue(books.ledger, 'gated', body, BY));
  const asked = await ask(booking);
  // Past the use cases that ask: the books refuse by themselves.
  const needed = expect.objectContaining({ code: 'approval-needed' });
  await expect(bookRevenue(books.ledger, 'gated', booking, BY)).rejects.toEqual(needed);
  expect(await books.sql`SELECT 1 FROM revenue WHERE program_id = ${programId}`).toHaveLength(0);
  expect(await approve(asked)).toMatchObject({ status: 'executed', outcome: 'revenue:ads' });
  await expect(bookRevenue(books.ledger, 'gated', { ...booking, reference: 'other' }, BY)).rejects.toEqual(needed);
  await expect(beginClose(books.ledger, 'gated', '2024-10', actorOf('ada'))).rejects.toEqual(needed);
  const late = await ask({ ...booking, reference: 'late' });
  const closing = await doOrAsk(books.ledger, await planBeginClose(books.ledger, 'gated', '2024-10', actorOf('ada')));
  expect(await approve(closing)).toMatchObject({
    outcome: 'close:2024-10',
  });
  const [{ policy } = { policy: '' }] = await books.sql<
    { policy: string }[]
  >`SELECT policy FROM policy_version WHERE program_id = ${programId}`;
  const input = { program: 'gated', policy: JSON.parse(policy), from: undefined, actor: actorOf('ada') };
  expect((await applyPolicyOrAsk(books.ledger, input)).done).toBe(true); // the current policy
  const changed = { ...input, policy: { ...input.policy, name: 'Other' } };
  await expect(applyPolicy(books.ledger, changed)).rejects.toEqual(needed);
  expect(await approve(await applyPolicyOrAsk(books.ledger, changed))).toMatchObject({ outcome: 'policy version 2' });
  expect(await approve(late)).toMatchObject({ status: 'failed', outcome: expect.stringContaining('period-closed') });
});

it('holds keep their history: placed and lifted once for a reason, by whom', async () => {
  const programId = await openPayingProgram(books, 'holds');
  const hold = (action: 'placed' | 'lifted', reason: string) =>
    setHold(books.sql, { programId, creatorId: 'c1', action, reason, note: null, actor: actorOf('ada') });
  expect(await hold('placed', 'fraud')).toBe(true);
  expect(await hold('placed', 'fraud')).toBe(false);
  expect(await hold('placed', 'papers')).toBe(true);
  expect(await hold('lifted', 'fraud')).toBe(true);
  expect(await hold('lifted', 'fraud')).toBe(false);
  const inForce = await books.sql`SELECT reason FROM holds_in_force(${programId})`;
  expect(inForce).toEqual([{ reason: 'papers' }]);
  const history =
    await books.sql`SELECT action || ' ' || reason AS did FROM creator_hold WHERE program_id = ${programId} ORDER BY hold_no`;
  expect(history.map(({ did }) => did)).toEqual(['placed fraud', 'placed papers', 'lifted fraud']);
  await expect(
    setHold(books.sql, {
      programId,
      creatorId: 'nobody',
      action: 'placed',
      reason: 'x',
      note: null,
      actor: actorOf('ada'),
    }),
  ).rejects.toBeInstanceOf(BooksRefused);
});
