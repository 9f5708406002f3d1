import { type FastifyReply, type FastifyRequest, LogController } from 'fastify';

/** One line a request, at its end, at level debug: thousands come a second. Refusals and failures are logged by `problems`. */
export class RequestLog extends LogController {
  override incomingRequest(): void {
    // Its end says all.
  }

  override requestCompleted(error: Error | null | undefined, request: FastifyRequest, reply: FastifyReply): void {
    if (error) {
      request.log.error({ err: error }, 'answer broken off');
      return;
    }
    const { method, url } = request;
    request.log.debug({ method, url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) }, 'request');
  }
}
