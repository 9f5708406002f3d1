import type { AuditLog } from '@rewardbook/db/audit-log';
import { type ApiKeyOptions, apiKeys } from './access/api-key.ts';
import { audit } from './access/audit.ts';
import { keyRequests } from './access/key-requests.ts';
import { type App, type BaseAppOptions, createBaseApp, limitsOf } from './base-app.ts';
import { mediaTypes } from './http/media-types.ts';
import { openApi } from './openapi.ts';

export type { App } from './base-app.ts';

export interface AppOptions extends BaseAppOptions {
  /** The service's name, for its API's title. */
  readonly name: string;
  readonly description: string;
  readonly findKey: ApiKeyOptions['findKey'];
  /** Where requests that change something are logged; left out: nowhere. */
  readonly audit?: AuditLog;
  /** Epoch milliseconds, for the expiry of keys. */
  readonly now?: () => number;
}

/**
 * A Fastify app with what every service with an API has: that of `createBaseApp`, OpenAPI, and API keys. Register routes on it, then
 * `await app.ready()` or listen.
 */
export async function createApp(options: AppOptions): Promise<App> {
  const app = await createBaseApp(options);
  await app.register(apiKeys, { findKey: options.findKey, ...(options.now === undefined ? {} : { now: options.now }) });
  await app.register(keyRequests, { most: limitsOf(options).requestsPerKey });
  if (options.audit !== undefined) {
    await app.register(audit, { log: options.audit });
  }
  await app.register(mediaTypes);
  await app.register(openApi, { title: `Rewardbook ${options.name}`, description: options.description, version: '1' });
  return app;
}
