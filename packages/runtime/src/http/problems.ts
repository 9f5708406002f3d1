import { PROBLEM } from '@rewardbook/contracts/values/problem';
import type { FastifyReply, FastifyRequest } from 'fastify';
import plugin from 'fastify-plugin';
import { AppError } from './errors.ts';
import { toProblem } from './to-problem.ts';

/** Answers every error, and every unknown route, with a problem (RFC 9457). */
export const problems = plugin(
  (app, _options, done) => {
    app.setErrorHandler((error, request, reply) => sendProblem(error, request, reply));
    // Before its body is read: no route takes it.
    app.addHook('onRequest', (request, _reply, next) => next(request.is404 ? unknownRoute(request) : undefined));
    app.setNotFoundHandler((request, reply) => sendProblem(unknownRoute(request), request, reply));
    done();
  },
  { name: 'problems', fastify: '5.x' },
);

function unknownRoute(request: FastifyRequest): AppError {
  const advice = request.server.hasDecorator('swagger') ? '; see /docs for what there is' : '';
  return new AppError('not-found', `There is no ${request.method} ${pathOf(request)}${advice}`);
}

function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toProblem(error, { instance: pathOf(request), requestId: request.id });
  const { code } = problem.body;
  if (problem.status < 500) {
    request.log.info({ err: error, code }, 'request refused');
  } else if (error instanceof AppError) {
    request.log.warn({ code, detail: error.message }, 'request put off');
  } else {
    request.log.error({ err: error, code }, 'request failed');
  }
  if (problem.retryAfterSeconds !== undefined) {
    reply.header('retry-after', String(problem.retryAfterSeconds));
  }
  // Serialised here: a route's schemas describe its good answers.
  return reply.code(problem.status).type(PROBLEM).serializer(String).send(JSON.stringify(problem.body));
}

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? request.url;
}
