import { storeApiKey } from '@rewardbook/db/api-keys';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { openQueues, type Queues } from '@rewardbook/queue/queues';
import { createKey, SCOPES, type Scope } from '@rewardbook/runtime/access/api-key';
import { createLogger } from '@rewardbook/runtime/logger';
import type { Composed } from '@rewardbook/runtime/serve';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compose } from '../compose.ts';
import { type Books, closeNow, openBooks, testPolicy } from '../test-support/books.ts';
import { earn, openPayingProgram } from '../test-support/payout-books.ts';

// What the policy requires a second person for, over HTTP: who asks, who approves, and what is done.

let books: Books;
let queues: Queues;
let service: Composed;
let operator: string;
let approver: string;
let admin: string;

beforeAll(async () => {
  books = await openBooks();
  operator = await rootKey('operator', ['operate', 'read', 'read:payments', 'approve']);
  approver = await rootKey('approver', ['approve', 'read']);
  admin = await rootKey('admin', SCOPES);
  const logger = createLogger({ name: 'ledger', level: 'silent' });
  queues = await openQueues({ postgresUrl: books.database.serviceUrl }, logger);
  service = await compose({ databaseUrl: books.database.serviceUrl, queues, logger });
  await service.app.ready();
});
afterAll(async () => {
  await service.app.close();
  await Promise.all(service.workers.map((worker) => worker.close()));
  await service.close();
  await queues.close();
  await books.close();
});

/** A key that the owner's connection made: a separate person. */
async function rootKey(name: string, scopes: readonly Scope[]): Promise<string> {
  const { key, hash } = createKey();
  await storeApiKey(books.owner, { name, keyHash: hash, scopes });
  return key;
}

async function call(key: string, method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown) {
  const response = await service.app.inject({
    method,
    url: `/v1/${path}`,
    headers: { authorization: `Bearer ${key}` },
    ...(body === undefined ? {} : { payload: body as object }),
  });
  return { status: response.statusCode, body: JSON.parse(response.body) };
}

/** Asks, finds that it waits, and has somebody else approve it. Gives the request after that. */
async function approved(waiting: Promise<{ status: number; body: { poll: string; approval: { status: string } } }>) {
  const { status, body } = await waiting;
  expect([status, body.approval?.status]).toEqual([202, 'pending']);
  return (await call(approver, 'POST', `${body.poll.slice('/v1/'.length)}/approve`, {})).body;
}

const policyOf = (program: string, changes: Partial<Policy>) =>
  testPolicy({ program, approvals: ['payouts', 'policy'], ...changes });
const apply = (program: string, changes: Partial<Policy>, from?: string) =>
  call(operator, 'PUT', `programs/${program}${from === undefined ? '' : `?from=${from}`}`, policyOf(program, changes));

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

describe('kinds that a policy can list', () => {
  it('returns: a payout goes back once a second person approves', async () => {
    await openPayingProgram(books, 'returns', { approvals: ['returns'] });
    await earn(books, 'returns', '2024-10');
    const { body: run } = await call(operator, 'POST', 'programs/returns/payout-runs');
    const base = `programs/returns/payout-runs/${run.runId}`;
    await call(approver, 'POST', `${base}/approve`, { contentHash: run.contentHash });
    const back = () => call(operator, 'POST', `${base}/returns`, { creatorId: 'c1', reason: 'closed' });
    expect(await approved(back())).toMatchObject({
      ...{ kind: 'return', status: 'executed', outcome: `payout-returned:${run.runId}-1` },
      payload: { run: run.runId, creatorId: 'c1', reason: 'closed' },
    });
    expect(await back()).toMatchObject({ status: 200, body: { repeated: true } });
    const entry = (await call(operator, 'GET', `programs/returns/journal/payout-returned:${run.runId}-1`)).body;
    expect(entry.details).toMatchObject({ by: 'operator', approvedBy: 'approver' });
  });

  it('holds: they are placed by one person and lifted by two', async () => {
    await openPayingProgram(books, 'holds', { approvals: ['holds'] });
    const hold = (action: string, reason = 'fraud') =>
      call(operator, 'POST', 'programs/holds/holds', { creatorId: 'c1', action, reason });
    expect(await hold('lift')).toMatchObject({ status: 200, body: { repeated: true } });
    expect(await hold('place')).toMatchObject({ status: 201, body: { isOnHold: true } });
    const first = await hold('lift');
    expect(first).toMatchObject({ status: 202, body: { approval: { kind: 'hold' } } });
    expect((await hold('place')).body).toMatchObject({ isOnHold: true, repeated: true });
    expect(await approved(hold('lift'))).toMatchObject({ status: 'executed' });
    expect((await hold('lift')).body).toMatchObject({ isOnHold: false, repeated: true });
    // The approval was for that hold, and not for the next one.
    await hold('place');
    expect(await hold('lift')).toMatchObject({ status: 202, body: { approval: { status: 'pending' } } });
    expect((await hold('place')).body.isOnHold).toBe(true);
  });

  it('payees: payment details of registered creators need two people, all else of an import needs one', async () => {
    await openPayingProgram(books, 'payees', { approvals: ['payees'] });
    const row = { creatorId: 'c1', country: 'ID', taxCountry: 'ID', payee: 'Payee of c1', account: 'ID-c1' };
    const send = (...rows: object[]) => call(operator, 'POST', 'programs/payees/creators', rows);
    const paymaster = await rootKey('paymaster', ['read', 'read:payments']);
    const registered = async () =>
      (await call(paymaster, 'GET', 'programs/payees/creators')).body.items.find(
        ({ creatorId }: { creatorId: string }) => creatorId === 'c1',
      );
    expect(await send({ ...row, followers: 5 })).toMatchObject({ status: 200, body: { changed: 1 } });
    const changes = { ...row, followers: 6, account: 'MINE' };
    const asked = await send(changes, { creatorId: 'new', payee: 'New', account: 'N', taxCountry: 'ID' });
    expect(asked).toMatchObject({
      status: 202,
      body: {
        approval: {
          kind: 'payees',
          payload: {
            creators: [
              {
                ...{ creatorId: 'c1', account: 'MINE', payee: 'Payee of c1', taxCountry: 'ID' },
                before: { account: 'ID-c1', payee: 'Payee of c1', taxCountry: 'ID' },
              },
            ],
          },
        },
        ...{ received: 2, added: 1, changed: 1, unchanged: 0, waiting: 1 },
      },
    });
    expect(await registered()).toMatchObject({ followers: 6, account: 'ID-c1' });
    // A key that may not see accounts learns none by asking for a change of one.
    const curious = await rootKey('curious', ['operate', 'read']);
    const seen = await call(curious, 'POST', 'programs/payees/creators', [{ ...row, followers: 6, account: 'OTHER' }]);
    const listed = await call(curious, 'GET', 'programs/payees/approvals');
    expect(seen.body.approval.payload).toEqual({
      creators: [{ creatorId: 'c1', taxCountry: 'ID', before: { taxCountry: 'ID' } }],
    });
    expect(JSON.stringify([seen, listed])).not.toMatch(/ID-c1|MINE|OTHER/);
    expect((await send(changes)).body.approval.request).toBe(asked.body.approval.request);
    expect(await approved(send(changes))).toMatchObject({ status: 'executed' });
    expect(await registered()).toMatchObject({ followers: 6, account: 'MINE' });
    expect(await send(changes)).toMatchObject({ status: 200, body: { unchanged: 1 } });
  });

  it('payees: a request for details that have changed since fails', async () => {
    await openPayingProgram(books, 'payees-since', { approvals: ['payees'] });
    const send = (account: string) =>
      call(operator, 'POST', 'programs/payees-since/creators', [
        { creatorId: 'c1', country: 'ID', taxCountry: 'ID', payee: 'Payee of c1', account },
      ]);
    const first = await send('A');
    expect(await approved(send('B'))).toMatchObject({ status: 'executed' });
    const late = await call(approver, 'POST', `${first.body.poll.slice(4)}/approve`, {});
    expect(late.body).toMatchObject({ status: 'failed', outcome: expect.stringContaining('request-changed') });
  });

  it('payees: unregistered creators with money in the books count too', async () => {
    await openPayingProgram(books, 'payees-new', { approvals: ['payees'] }, []);
    await earn(books, 'payees-new', '2024-10');
    const asked = await call(operator, 'POST', 'programs/payees-new/creators', [
      { creatorId: 'c1', taxCountry: 'ID', payee: 'Me', account: 'MINE' },
      { creatorId: 'nobody', taxCountry: 'ID', payee: 'You', account: 'YOURS' },
    ]);
    expect(asked).toMatchObject({ status: 202, body: { added: 2, waiting: 1 } });
    expect(asked.body.approval.payload.creators).toMatchObject([{ creatorId: 'c1', before: { account: null } }]);
  });
});

describe('one person', () => {
  const made = async (maker: string, name: string, scopes: readonly Scope[]): Promise<string> => {
    const answer = await call(maker, 'POST', 'keys', { name, scopes });
    expect(answer.status).toBe(201);
    return answer.body.key;
  };

  it.each([
    ['a zero-width space', 'admin\u200b'],
    ['blanks around it', '  admin '],
    ['capitals', 'ADMIN'],
    ['letters that are only wider', 'ａｄｍｉｎ'],
    ['a soft hyphen and a variation selector', 'ad\u00admin\ufe0f'],
  ])('has no second key by the same name with %s', async (_what, name) => {
    const answer = await call(admin, 'POST', 'keys', { name, scopes: SCOPES });
    expect([answer.status, answer.body.code]).toEqual([409, 'key-name-taken']);
  });

  it('is whoever holds a key and the keys made with it, whichever of them drafted', async () => {
    await openPayingProgram(books, 'one-person', { approvals: ['payouts', 'adjustments'] });
    await earn(books, 'one-person', '2024-10');
    const manager = await rootKey('manager', SCOPES);
    const child = await made(manager, 'child', SCOPES);
    const grandchild = await made(child, 'grandchild', SCOPES);
    const sibling = await made(manager, 'sibling', SCOPES);
    const family = [manager, child, grandchild, sibling];
    for (const drafter of family) {
      const { body: run } = await call(drafter, 'POST', 'programs/one-person/payout-runs');
      const approve = (key: string) =>
        call(key, 'POST', `programs/one-person/payout-runs/${run.runId}/approve`, { contentHash: run.contentHash });
      const asked = await call(drafter, 'POST', 'programs/one-person/adjustments', {
        ...{ kind: 'adjustment', creatorId: 'c1', amount: '1', reason: 'r', reference: `${family.indexOf(drafter)}` },
      });
      for (const key of family) {
        expect(await approve(key)).toMatchObject({ status: 403, body: { code: 'self-approval' } });
        expect(await call(key, 'POST', `${asked.body.poll.slice(4)}/approve`, {})).toMatchObject({
          status: 403,
          body: { code: 'self-approval' },
        });
      }
      await call(drafter, 'POST', `programs/one-person/payout-runs/${run.runId}/discard`, { reason: 'r' });
      expect((await call(approver, 'POST', `${asked.body.poll.slice(4)}/approve`, {})).body.status).toBe('executed');
    }
  });

  it('is not somebody of another maker', async () => {
    await openPayingProgram(books, 'two-persons', { approvals: ['payouts'] });
    await earn(books, 'two-persons', '2024-10');
    const drafter = await made(admin, 'drafter', ['operate']);
    const checker = await made(approver, 'checker', ['approve']);
    const { body: run } = await call(drafter, 'POST', 'programs/two-persons/payout-runs');
    const answer = await call(checker, 'POST', `programs/two-persons/payout-runs/${run.runId}/approve`, {
      contentHash: run.contentHash,
    });
    expect(answer).toMatchObject({ status: 200, body: { approvedBy: 'checker' } });
  });
});
