import rateLimit from '@fastify/rate-limit';
import {
  changePersonBodySchema,
  type SessionOut,
  sessionOutSchema,
  signInBodySchema,
} from '@rewardbook/contracts/api/access/session';
import { isKeyForm } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/base-app';
import { AppError } from '@rewardbook/runtime/http/errors';
import { mediaTypes } from '@rewardbook/runtime/http/media-types';
import type { FastifyReply } from 'fastify';
import type { OneTimeTokens } from '../sessions/one-time-tokens.ts';
import { endOf, type Session } from '../sessions/session.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { Person } from '../upstream/find-person.ts';
import { sessionOf } from './session-cookie.ts';

/** Somebody whom a demo's session may change to. */
export interface DemoPerson {
  /** As people see it: the name of the key. */
  readonly name: string;
  readonly key: string;
}

export interface SessionRoutesOptions {
  readonly sessions: Sessions;
  readonly tokens: OneTimeTokens;
  readonly people: readonly DemoPerson[];
  /** undefined: the key does not work. */
  readonly findPerson: (key: string) => Promise<Person | undefined>;
  readonly signInsPerMinute: number;
}

const NO_KEY = 'This API key is unknown, revoked or expired; ask an operator for one';
const NO_TOKEN =
  'This link has been used, or is older than ten minutes; sign in with an API key, or start again for a new link';

/** Signing in and out, and who is signed in. */
export async function sessionRoutes(app: App, options: SessionRoutesOptions): Promise<void> {
  await app.register(mediaTypes);
  await limitAttempts(app);
  app.addHook('onRequest', (_request, reply, next) => {
    reply.header('cache-control', 'no-store');
    next();
  });
  signInRoute(app, options);
  readSessionRoute(app, options);
  changePersonRoute(app, options);
  app.delete('/session', { config: { needsSession: false } }, async (request, reply) => {
    reply.endSession();
    request.log.info('signed out');
    return reply.code(204).send();
  });
}

/** Routes with `config.rateLimit` refuse an address that asks too often. */
async function limitAttempts(app: App): Promise<void> {
  const counts = { 'x-ratelimit-limit': false, 'x-ratelimit-remaining': false, 'x-ratelimit-reset': false };
  await app.register(rateLimit, {
    global: false,
    addHeadersOnExceeding: counts,
    addHeaders: { ...counts, 'retry-after': false }, // the problem has it
    errorResponseBuilder: (_request, { ttl }) =>
      new AppError('too-many-requests', 'Too many attempts to sign in from this address; wait a minute', {
        retryAfterSeconds: Math.ceil(ttl / 1000),
      }),
  });
}

function signInRoute(app: App, options: SessionRoutesOptions): void {
  const { sessions, people, findPerson, signInsPerMinute } = options;
  app.post(
    '/session',
    {
      config: { needsSession: false, rateLimit: { max: signInsPerMinute, timeWindow: '1 minute' } },
      schema: { body: signInBodySchema, response: { 200: sessionOutSchema } },
    },
    async ({ body, session }, reply) => {
      const { key, person } = await ('token' in body
        ? keyOfToken(body.token, options)
        : personOfKey(body.key, findPerson, NO_KEY));
      if (session !== null) {
        sessions.leave(session);
      }
      return admit(reply, sessions.begin(key), person, people);
    },
  );
}

function readSessionRoute(app: App, { sessions, people, findPerson }: SessionRoutesOptions): void {
  app.get(
    '/session',
    { config: { needsSession: true }, schema: { response: { 200: sessionOutSchema } } },
    async (request, reply) => {
      const session = sessionOf(request);
      const person = await findPerson(session.key);
      if (person === undefined) {
        reply.endSession();
        throw new AppError('unauthorized', NO_KEY);
      }
      return describeSession(sessions.used(session) ?? session, person, people);
    },
  );
}

function changePersonRoute(app: App, { sessions, people, findPerson }: SessionRoutesOptions): void {
  app.post(
    '/session/person',
    { config: { needsSession: true }, schema: { body: changePersonBodySchema, response: { 200: sessionOutSchema } } },
    async (request, reply) => {
      const session = sessionOf(request);
      const { name } = request.body;
      const next = peopleOf(people, session).find((one) => one.name === name);
      if (next === undefined) {
        throw new AppError('not-found', `This session has nobody of the name ${name} to change to`);
      }
      const { person } = await personOfKey(next.key, findPerson, NO_KEY);
      return admit(reply, sessions.replace(session, next.key), person, people);
    },
  );
}

/** Puts a session into the browser of whoever its key belongs to. */
async function admit(
  reply: FastifyReply,
  session: Session,
  person: Person,
  people: readonly DemoPerson[],
): Promise<SessionOut> {
  await reply.keepSession(session);
  reply.log.info({ person: person.name, keyId: person.keyId }, 'signed in');
  return describeSession(session, person, people);
}

function describeSession(session: Session, person: Person, people: readonly DemoPerson[]): SessionOut {
  return {
    person,
    people: peopleOf(people, session).map(({ name }) => name),
    expiresAt: new Date(endOf(session)).toISOString(),
  };
}

interface Admitted {
  readonly key: string;
  readonly person: Person;
}

async function personOfKey(
  key: string,
  findPerson: SessionRoutesOptions['findPerson'],
  refusal: string,
): Promise<Admitted> {
  const person = isKeyForm(key) ? await findPerson(key) : undefined;
  if (person === undefined) {
    throw new AppError('unauthorized', refusal);
  }
  return { key, person };
}

/** Uses the token up only once its key is known to work, so that a ledger that is away costs nobody their link. */
async function keyOfToken(token: string, { tokens, findPerson }: SessionRoutesOptions): Promise<Admitted> {
  const found = tokens.find(token);
  if (found === undefined) {
    throw new AppError('unauthorized', NO_TOKEN);
  }
  const admitted = await personOfKey(found.key, findPerson, NO_TOKEN);
  if (!tokens.use(found)) {
    throw new AppError('unauthorized', NO_TOKEN);
  }
  return admitted;
}

/** Whom a session may change to: the demo's people, if it is one of them. */
function peopleOf(people: readonly DemoPerson[], session: Session): readonly DemoPerson[] {
  return people.some(({ key }) => key === session.key) ? people : [];
}
