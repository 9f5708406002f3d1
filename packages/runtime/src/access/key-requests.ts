import plugin from 'fastify-plugin';
import { AppError } from '../http/errors.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The key among whose requests this one is counted. */
    countedKeyId: number | null;
  }
}

export interface KeyRequestsOptions {
  /** Requests of one key under way at the same time. */
  readonly most: number;
}

/** No key takes up all that a service can do at the same time. */
export const keyRequests = plugin<KeyRequestsOptions>(
  (app, { most }, done) => {
    const underWay = new Map<number, number>();
    app.decorateRequest('countedKeyId', null);
    app.addHook('onRequest', (request, _reply, next) => {
      if (request.apiKey === null) {
        return next();
      }
      const { keyId } = request.apiKey;
      const count = (underWay.get(keyId) ?? 0) + 1;
      underWay.set(keyId, count);
      request.countedKeyId = keyId;
      if (count <= most) {
        return next();
      }
      next(new AppError('too-many-requests', `This key has ${most} requests under way; wait until one is answered`));
    });
    app.addHook('onResponse', (request, _reply, next) => {
      const { countedKeyId } = request;
      if (countedKeyId === null) {
        return next();
      }
      const left = (underWay.get(countedKeyId) ?? 1) - 1;
      if (left === 0) {
        underWay.delete(countedKeyId);
      } else {
        underWay.set(countedKeyId, left);
      }
      next();
    });
    done();
  },
  { name: 'key-requests', fastify: '5.x', dependencies: ['api-keys'] },
);
