import type { Ingested, RefusedLine } from '@rewardbook/contracts/api/ingest/events';
import { PROBLEM } from '@rewardbook/contracts/values/problem';
import { isDiskFull, isTransient } from '@rewardbook/db/errors';
import { AppError } from '@rewardbook/runtime/http/errors';
import { toProblem } from '@rewardbook/runtime/http/to-problem';
import type { FastifyReply, FastifyRequest } from 'fastify';

/** Answers a request that could not be finished: a problem, with the counts of what is recorded. */
export function sendBroken(
  error: unknown,
  answer: Ingested,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  if (request.raw.socket.destroyed) {
    request.log.info({ received: answer.received, accepted: answer.accepted }, 'client went away within its body');
    return reply.hijack();
  }
  return sendProblem(asUnavailable(error), answer, request, reply);
}

/** Answers a body of one event that was refused. */
export function sendRefused(
  refused: RefusedLine,
  answer: Ingested,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const code = answer.conflicts > 0 ? 'event-conflict' : 'event-refused';
  return sendProblem(new AppError(code, refused.message), answer, request, reply);
}

const AGAIN = 'send again what the counts do not include';

function asUnavailable(error: unknown): unknown {
  if (!isTransient(error)) {
    return error;
  }
  return isDiskFull(error)
    ? new AppError('database-full', `The disk of the database is full; ${AGAIN}`, { cause: error })
    : new AppError('database-unavailable', `The database does not answer; ${AGAIN}`, {
        cause: error,
        retryAfterSeconds: 2,
      });
}

function sendProblem(error: unknown, answer: Ingested, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const instance = request.url.split('?', 1)[0] ?? request.url;
  const problem = toProblem(error, { instance, requestId: request.id });
  if (problem.status >= 500) {
    request.log.warn({ err: error, received: answer.received }, 'request broken off');
  } else {
    request.log.debug({ code: problem.body.code }, 'request refused');
  }
  if (problem.retryAfterSeconds !== undefined) {
    reply.header('retry-after', String(problem.retryAfterSeconds));
  }
  const body = { ...problem.body, ...answer };
  return reply.code(problem.status).type(PROBLEM).serializer(String).send(JSON.stringify(body));
}
