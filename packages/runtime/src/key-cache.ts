import type { FindKey, KnownKey } from './api-key.ts';

// How long a revoked key still works, and how long a key that was just made may be refused.
const KNOWN_FOR_MS = 5_000;
const UNKNOWN_FOR_MS = 1_000;
const MAX_KEYS = 10_000;

/**
 * Remembers what `find` said for a few seconds, so that a key costs a look-up now and then instead of one a request. Requests
 * that come while a look-up is under way share it. A look-up that fails is not remembered.
 */
export function cacheKeys(find: FindKey, now: () => number): FindKey {
  const cache = new Map<string, { found: Promise<KnownKey | undefined>; until: number }>();
  return (hash) => {
    const name = hash.toString('base64');
    const cached = cache.get(name);
    if (cached !== undefined && cached.until > now()) return cached.found;
    const entry = { found: find(hash), until: Number.POSITIVE_INFINITY };
    cache.delete(name);
    cache.set(name, entry);
    if (cache.size > MAX_KEYS) {
      // A Map keeps insertion order: the first is the oldest.
      for (const oldest of cache.keys()) {
        cache.delete(oldest);
        break;
      }
    }
    entry.found.then(
      (key) => {
        entry.until = now() + (key === undefined ? UNKNOWN_FOR_MS : KNOWN_FOR_MS);
      },
      () => {
        if (cache.get(name) === entry) cache.delete(name);
      },
    );
    return entry.found;
  };
}
