import fastifyStatic, { type SendOptions } from '@fastify/static';
import type { App } from '@rewardbook/runtime/base-app';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { FastifyReply } from 'fastify';

/** Gives the folder of the built app; asked for with each page and file. @throws AppError where there is no app to show */
export type FindApp = () => Promise<string>;

/** Addresses that have no page: a typo in one must not be answered with the app. */
const NO_PAGE = /^\/(api|session|assets|healthz|readyz|metrics)(\/|$)/;
/** Names of built files: the bundler makes them of these characters, and none of them leads out of the folder. */
const FILE = /^([\w-][\w.-]*\/)*[\w-][\w.-]*$/;
/** Files at the top of the app that browsers ask for by name. */
const TOP_FILE = /^\/[\w-]+\.(svg|ico|png|txt|webmanifest)$/;

/** The app: its files by their hashed names, and its one page at every address that is a page. */
export async function appRoutes(app: App, findApp: FindApp): Promise<void> {
  await app.register(fastifyStatic, { serve: false, preCompressed: true, dotfiles: 'deny', index: false });

  const sendFile = async (reply: FastifyReply, file: string, cached: SendOptions): Promise<FastifyReply> => {
    reply.header('vary', 'accept-encoding');
    return reply.sendFile(file, await findApp(), cached);
  };

  app.get<{ Params: { '*': string } }>('/assets/*', async (request, reply) => {
    const file = request.params['*'];
    if (!FILE.test(file)) {
      throw new AppError('not-found', 'There is no such file');
    }
    return sendFile(reply, `assets/${file}`, { maxAge: '365d', immutable: true });
  });

  app.get('/*', async (request, reply) => {
    const [path = ''] = request.url.split('?', 1);
    if (NO_PAGE.test(path)) {
      throw new AppError('not-found', `There is no ${request.method} ${path}`);
    }
    if (TOP_FILE.test(path)) {
      return sendFile(reply, path.slice(1), { maxAge: '1h' });
    }
    reply.header('cache-control', 'no-store');
    return sendFile(reply, 'index.html', { cacheControl: false });
  });
}
