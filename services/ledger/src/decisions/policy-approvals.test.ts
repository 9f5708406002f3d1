import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Books, closeNow } from '../test-support/books.ts';
import { type Decisions, openDecisions } from '../test-support/decisions.ts';
import { earn, openPayingProgram } from '../test-support/payout-books.ts';

// Policies that a second person decides on, and what a request stands for, over HTTP.

let decisions: Decisions;
let books: Books;
let operator: string;
let approver: string;

beforeAll(async () => {
  decisions = await openDecisions();
  ({ books, operator, approver } = decisions);
});
afterAll(() => decisions.close());

const call: Decisions['call'] = (...request) => decisions.call(...request);
const approved: Decisions['approved'] = (waiting) => decisions.approved(waiting);
const apply: Decisions['apply'] = (...request) => decisions.apply(...request);

async function versions(program: string): Promise<{ validFrom: string | null; revenueShare: string }[]> {
  const { items } = (await call(operator, 'GET', `programs/${program}/policies`)).body;
  return Promise.all(
    items.map(async ({ version, validFrom }: { version: number; validFrom: string | null }) => {
      const { policy } = (await call(operator, 'GET', `programs/${program}/policies/${version}`)).body;
      return { validFrom, revenueShare: policy.revenueShare };
    }),
  );
}

/** The share that a dry run of a period takes of its revenue of 100.00. */
async function shareOf(program: string, period: string): Promise<string> {
  await call(operator, 'POST', `programs/${program}/revenue`, { period, amount: '100.00', reference: period });
  return (await call(operator, 'POST', `programs/${program}/periods/${period}/close?dryRun=true`)).body.pool;
}

describe('a policy', () => {
  it('that was in force before holds again once it is applied and approved again', async () => {
    await apply('again', { revenueShare: '0.05' });
    for (const revenueShare of ['0.5', '0.1', '0.5']) {
      expect(await approved(apply('again', { revenueShare }))).toMatchObject({ status: 'executed' });
    }
    expect((await versions('again')).map(({ revenueShare }) => revenueShare)).toEqual(['0.05', '0.5', '0.1', '0.5']);
    expect(await shareOf('again', '2024-10')).toBe('50.00');
  });

  it('is applied from another period too, by a separate request', async () => {
    await apply('from', { revenueShare: '0.05' });
    await approved(apply('from', { revenueShare: '0.5' }, '2024-12'));
    await approved(apply('from', { revenueShare: '0.5' }, '2024-11'));
    expect(await versions('from')).toEqual([
      { validFrom: null, revenueShare: '0.05' },
      { validFrom: '2024-12', revenueShare: '0.5' },
      { validFrom: '2024-11', revenueShare: '0.5' },
    ]);
    expect((await apply('from', { revenueShare: '0.5' }, '2024-11')).body).toMatchObject({
      version: 3,
      changed: false,
    });
  });

  it('applied from now on is not taken for the one that comes later', async () => {
    const approvals = ['payouts'] as const;
    await apply('later', { revenueShare: '0.05', approvals });
    await apply('later', { revenueShare: '0.5', approvals }, '2024-12');
    const now = await apply('later', { revenueShare: '0.5', approvals });
    expect(now).toMatchObject({ status: 201, body: { version: 3, validFrom: null, changed: true } });
    expect((await apply('later', { revenueShare: '0.5', approvals })).body).toMatchObject({
      version: 3,
      changed: false,
    });
  });

  it('holds from its period to that of the next, whichever was applied first; of two from the same one the later', async () => {
    const rest = { approvals: ['payouts'], undistributed: 'return' } as const;
    for (const [revenueShare, from] of [
      ['0.01', undefined],
      ['0.05', '2024-12'],
      ['0.02', '2024-11'],
      ['0.03', '2024-11'],
      ['0.02', '2024-11'],
    ] as const) {
      expect((await apply('order', { revenueShare, ...rest }, from)).status).toBe(201);
    }
    const shares: string[] = [];
    for (const period of ['2024-10', '2024-11', '2024-12', '2025-01']) {
      shares.push(await shareOf('order', period));
      await closeNow(books, 'order', period);
    }
    expect(shares).toEqual(['1.00', '2.00', '5.00', '5.00']);
  });

  it('says where a second person is needed before anything is asked for twice', async () => {
    await apply('twice', { revenueShare: '0.05' });
    const [first, second] = [
      await apply('twice', { revenueShare: '0.5' }),
      await apply('twice', { revenueShare: '0.5' }),
    ];
    expect(second.body.approval.request).toBe(first.body.approval.request);
    const other = await apply('twice', { revenueShare: '0.5' }, '2024-12');
    expect(other.body.approval.request).not.toBe(first.body.approval.request);
  });
});

describe('a request', () => {
  it('that was rejected does not answer for the next one', async () => {
    await apply('rejected', { revenueShare: '0.05' });
    const first = await apply('rejected', { revenueShare: '0.5' });
    await call(approver, 'POST', `programs/rejected/approvals/${first.body.approval.request}/reject`, { note: 'no' });
    const second = await approved(apply('rejected', { revenueShare: '0.5' }));
    expect(second).toMatchObject({ request: first.body.approval.request + 1, status: 'executed' });
  });

  it('that was executed does not answer for the next one: what is done is said by the books', async () => {
    await openPayingProgram(books, 'done', { approvals: ['revenue', 'close', 'adjustments'] });
    const revenue = () =>
      call(operator, 'POST', 'programs/done/revenue', { period: '2024-10', amount: '7', reference: 'r' });
    expect(await approved(revenue())).toMatchObject({ status: 'executed', payload: { amount: '7.00' } });
    expect(await revenue()).toMatchObject({ status: 200, body: { repeated: true, amount: '7.00' } });
    const close = () => call(operator, 'POST', 'programs/done/periods/2024-10/close');
    expect(await approved(close())).toMatchObject({ status: 'executed' });
    await expect
      .poll(async () => (await call(operator, 'GET', 'programs/done/periods/2024-10')).body.status, { timeout: 20_000 })
      .toBe('closed');
    expect(await close()).toMatchObject({ status: 409, body: { code: 'period-closed' } });
    const adjust = () =>
      call(operator, 'POST', 'programs/done/adjustments', {
        ...{ kind: 'adjustment', creatorId: 'c1', amount: '1', reason: 'r', reference: 'a' },
      });
    expect(await approved(adjust())).toMatchObject({ status: 'executed' });
    expect(await adjust()).toMatchObject({ status: 200, body: { repeated: true } });
  });
});

describe('taking anything off the approvals', () => {
  it('needs a second person, also where policies do not, and is not done before', async () => {
    await openPayingProgram(books, 'off', { approvals: ['payouts', 'adjustments'] });
    await earn(books, 'off', '2024-10');
    const adjust = () =>
      call(operator, 'POST', 'programs/off/adjustments', {
        ...{ kind: 'adjustment', creatorId: 'c1', amount: '999999.00', reason: 'r', reference: 'a' },
      });
    for (const approvals of [[], ['payouts'], ['adjustments', 'revenue', 'policy', 'close']] as const) {
      const asked = await apply('off', { approvals });
      expect(asked).toMatchObject({ status: 202, body: { approval: { kind: 'policy', status: 'pending' } } });
      const { request } = asked.body.approval;
      expect(await call(operator, 'POST', `programs/off/approvals/${request}/approve`, {})).toMatchObject({
        status: 403,
        body: { code: 'self-approval' },
      });
    }
    expect((await adjust()).status).toBe(202);
    expect((await apply('off', { approvals: ['payouts', 'adjustments', 'holds'] })).status).toBe(201);
    // What was put on is not taken off alone either.
    expect((await apply('off', { approvals: ['payouts', 'adjustments'] })).status).toBe(202);
  });

  it('is compared with what would hold from then on', async () => {
    await openPayingProgram(books, 'off-later', { approvals: ['adjustments'] });
    expect(await approved(apply('off-later', { approvals: [] }, '2025-01'))).toMatchObject({ status: 'executed' });
    expect((await apply('off-later', { approvals: [], revenueShare: '0.2' }, '2025-03')).status).toBe(201);
    expect((await apply('off-later', { approvals: [] }, '2024-12')).status).toBe(202);
  });
});
