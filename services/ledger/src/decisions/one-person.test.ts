import { SCOPES, type Scope } from '@rewardbook/runtime/access/api-key';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Books } from '../test-support/books.ts';
import { type Decisions, openDecisions } from '../test-support/decisions.ts';
import { earn, openPayingProgram } from '../test-support/payout-books.ts';

// Who counts as a second person, over HTTP.

let decisions: Decisions;
let books: Books;
let admin: string;
let approver: string;

beforeAll(async () => {
  decisions = await openDecisions();
  ({ books, admin, approver } = decisions);
});
afterAll(() => decisions.close());

const call: Decisions['call'] = (...request) => decisions.call(...request);

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
    const manager = await decisions.rootKey('manager', SCOPES);
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
