import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Books } from '../test-support/books.ts';
import { type Decisions, openDecisions } from '../test-support/decisions.ts';
import { earn, openPayingProgram } from '../test-support/payout-books.ts';

// Kinds of requests that a policy can list besides policies, over HTTP: who asks, who approves, and what is done.

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
  const paymaster = await decisions.rootKey('paymaster', ['read', 'read:payments']);
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
  const curious = await decisions.rootKey('curious', ['operate', 'read']);
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
