import type { Scope } from '@rewardbook/contracts/api/access/scope';
import { type SessionOut, sessionOutSchema } from '@rewardbook/contracts/api/access/session';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { askJson, askText } from '../api/client.ts';
import { sessionEnded } from '../api/connection.ts';
import { ApiProblem } from '../api/problems.ts';
import { queryClient } from '../api/query-client.ts';

/** What a person shows to be let in: their API key, or the token of a link, which works once. */
export type Credential = { readonly key: string } | { readonly token: string };

/** Who is signed in; null: nobody. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<SessionOut | null> => {
    try {
      return await askJson({ service: 'console', path: '/session', signal }, sessionOutSchema);
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) {
        return endedSession();
      }
      throw error;
    }
  },
  staleTime: 60_000,
});

/** The session that has just ended: its page stays behind the question who is there. null: there was no session. */
function endedSession(): SessionOut | null {
  const before = queryClient.getQueryData<SessionOut | null>(['session']) ?? null;
  sessionEnded.set(before !== null);
  return before;
}

/** @throws ApiProblem where the key or token is not accepted */
export async function signIn(credential: Credential): Promise<void> {
  await askText({ service: 'console', method: 'POST', path: '/session', body: credential });
  await startAnew();
}

/** Ends the session; what was read and typed in it does not stay in the browser. */
export async function signOut(): Promise<void> {
  await askText({ service: 'console', method: 'DELETE', path: '/session' });
  sessionStorage.clear();
  queryClient.setQueryData(sessionQuery.queryKey, null);
  queryClient.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
}

/** Goes on as another of the session's people. */
export async function changePerson(name: string): Promise<void> {
  await askText({ service: 'console', method: 'POST', path: '/session/person', body: { name } });
  await startAnew();
}

async function startAnew(): Promise<void> {
  await queryClient.fetchQuery({ ...sessionQuery, staleTime: 0 });
  sessionEnded.set(false);
  await queryClient.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' });
}

export interface SignedInPerson {
  readonly name: string;
  /** Slugs of the programs that they see and change; null: all. */
  readonly programs: readonly string[] | null;
  can(scope: Scope): boolean;
}

/** The person signed in, and what they may do. */
export function usePerson(): SignedInPerson {
  const { data } = useQuery(sessionQuery);
  const { name = '', scopes = [], programs = null } = data?.person ?? {};
  return { name, programs, can: (scope) => scopes.includes(scope) };
}

const RIGHTS: Readonly<Record<Scope, string>> = {
  'events:write': 'send events',
  operate: 'operate programs',
  approve: 'approve',
  read: 'read the books',
  'read:payments': 'see who is paid into which account',
};

/** Why a person may not do something. */
export function missingRight(scope: Scope, name: string): string {
  return `${name} does not have the right to ${RIGHTS[scope]}.`;
}
