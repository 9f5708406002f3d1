import type { FastifyReply } from 'fastify';

/** Aborted when the client goes away before its answer is sent whole, so that work for it ends. */
export function clientGone({ raw }: Pick<FastifyReply, 'raw'>): AbortSignal {
  const gone = new AbortController();
  const look = (): void => {
    if (!raw.writableFinished) {
      gone.abort(new Error('the client went away before its answer'));
    }
  };
  if (raw.destroyed) {
    look();
  } else {
    raw.once('close', look);
  }
  return gone.signal;
}
