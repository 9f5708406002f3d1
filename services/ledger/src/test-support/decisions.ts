import type { Policy } from '@rewardbook/domain/policy/policy';
import { SCOPES, type Scope } from '@rewardbook/runtime/access/api-key';
import { expect } from 'vitest';
import { type Books, testPolicy } from './books.ts';
import { type Method, openService } from './service.ts';

/** Two persons over HTTP: one asks, the other approves. */
export interface Decisions {
  readonly books: Books;
  readonly operator: string;
  readonly approver: string;
  readonly admin: string;
  rootKey(name: string, scopes: readonly Scope[]): Promise<string>;
  /** @param path what comes after `/v1/` */
  // biome-ignore lint/suspicious/noExplicitAny: what is asked of it is said by the test
  call(key: string, method: Method, path: string, body?: unknown): Promise<{ status: number; body: any }>;
  /** Asks, finds that it waits, and has somebody else approve it. Gives the request after that. */
  approved(
    waiting: Promise<{ status: number; body: { poll: string; approval: { status: string } } }>,
    // biome-ignore lint/suspicious/noExplicitAny: as above
  ): Promise<any>;
  /** Applies a policy whose payouts and policies need a second person, unless `changes` says otherwise. */
  apply(
    program: string,
    changes: Partial<Policy>,
    from?: string,
    // biome-ignore lint/suspicious/noExplicitAny: as above
  ): Promise<{ status: number; body: any }>;
  close(): Promise<void>;
}

export async function openDecisions(): Promise<Decisions> {
  const service = await openService();
  const operator = await service.rootKey('operator', ['operate', 'read', 'read:payments', 'approve']);
  const approver = await service.rootKey('approver', ['approve', 'read']);
  const admin = await service.rootKey('admin', SCOPES);
  const call: Decisions['call'] = async (key, method, path, body) => {
    const answer = await service.call(key, method, `/v1/${path}`, body);
    return { status: answer.status, body: answer.json() };
  };
  return {
    books: service.books,
    operator,
    approver,
    admin,
    rootKey: service.rootKey,
    call,
    async approved(waiting) {
      const { status, body } = await waiting;
      expect([status, body.approval?.status]).toEqual([202, 'pending']);
      return (await call(approver, 'POST', `${body.poll.slice('/v1/'.length)}/approve`, {})).body;
    },
    apply(program, changes, from) {
      const policy = testPolicy({ program, approvals: ['payouts', 'policy'], ...changes });
      return call(operator, 'PUT', `programs/${program}${from === undefined ? '' : `?from=${from}`}`, policy);
    },
    close: service.close,
  };
}
