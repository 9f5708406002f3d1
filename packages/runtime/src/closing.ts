import plugin from 'fastify-plugin';
import type { Connections } from './http/connections.ts';
import { AppError } from './http/errors.ts';

export interface ClosingOptions {
  readonly connections: Connections;
}

/**
 * Closes without delay and without loss: what is under way is finished, what arrives meanwhile is to be sent again, and
 * connections go as soon as nothing is under way on them. Node itself waits for those that have not sent a request yet (as
 * browsers open them in advance) and for those that became idle after it began to close, a minute or more.
 */
export const closing = plugin<ClosingOptions>(
  (app, { connections }, done) => {
    let isClosing = false;
    app.server.on('request', ({ socket }, response) => {
      response.once('close', () => {
        if (isClosing) {
          socket.end();
        }
      });
    });
    app.addHook('preClose', async () => {
      isClosing = true;
      for (const socket of connections.idle) {
        socket.destroy();
      }
    });
    app.addHook('onRequest', (_request, _reply, next) => {
      next(isClosing ? new AppError('shutting-down', 'The service is shutting down; try again') : undefined);
    });
    app.addHook('onSend', (_request, reply, _payload, next) => {
      if (isClosing) {
        reply.header('connection', 'close');
      }
      next();
    });
    done();
  },
  { name: 'closing', fastify: '5.x', dependencies: ['problems'] },
);
