import { pino } from 'pino';
import { createKey, type Scope } from './access/api-key.ts';
import type { KnownKey } from './access/key-cache.ts';
import { type App, type AppOptions, createApp } from './app.ts';

/** An app for tests, with a key for each call of `keyWith`. */
export interface TestApp {
  readonly app: App;
  /** Headers of a request with a new key of these scopes. */
  keyWith(
    scopes: readonly Scope[],
    options?: { expiresAt?: Date; programs?: readonly string[] },
  ): { authorization: string };
  /** How often a key was looked up. */
  lookUps(): number;
}

export async function createTestApp(options: Partial<AppOptions> = {}): Promise<TestApp> {
  const keys = new Map<string, KnownKey>();
  let lookUps = 0;
  const app = await createApp({
    name: 'test',
    description: 'A test',
    logger: pino({ level: 'silent' }),
    findKey: async (hash) => {
      lookUps += 1;
      return keys.get(hash.toString('hex'));
    },
    ...options,
  });
  return {
    app,
    keyWith(scopes, { expiresAt, programs } = {}) {
      const { key, hash } = createKey();
      keys.set(hash.toString('hex'), {
        keyId: keys.size + 1,
        keyHash: hash.toString('hex'),
        name: `key ${keys.size + 1}`,
        scopes,
        programs: programs ?? null,
        expiresAt,
      });
      return { authorization: `Bearer ${key}` };
    },
    lookUps: () => lookUps,
  };
}
