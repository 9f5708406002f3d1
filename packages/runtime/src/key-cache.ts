import type { FindKey, KnownKey } from './api-key.ts';

// How long a revoked key still works, and how long a key that was just made may be refused.
const KNOWN_FOR_MS = 5_000;
const UNKNOWN_FOR_MS = 1_000;
const MAX_KEYS = 10_000;

/** What a look-up gives: at once where it is remembered, else once it is made. */
export type Found = KnownKey | undefined | Promise<KnownKey | undefined>;

interface Entry {
  found: Found;
  /** Epoch milliseconds; without end while the look-up is under way. */
  until: number;
}

/**
 * Remembers what `find` said for a few seconds, so that a key costs a look-up now and then instead of one a request. Requests
 * that come while a look-up is under way share it. A look-up that fails is not remembered.
 *
 * @returns takes a key's SHA-256 in hex
 */
export function cacheKeys(find: FindKey, now: () => number): (hashHex: string) => Found {
  const cache = new Map<string, Entry>();
  return (hashHex) => {
    const cached = cache.get(hashHex);
    if (cached !== undefined && cached.until > now()) return cached.found;
    const looking = find(Buffer.from(hashHex, 'hex'));
    const entry: Entry = { found: looking, until: Number.POSITIVE_INFINITY };
    cache.delete(hashHex);
    cache.set(hashHex, entry);
    if (cache.size > MAX_KEYS) {
      // A Map keeps insertion order: the first is the oldest.
      for (const oldest of cache.keys()) {
        cache.delete(oldest);
        break;
      }
    }
    looking.then(
      (key) => {
        entry.found = key;
        entry.until = now() + (key === undefined ? UNKNOWN_FOR_MS : KNOWN_FOR_MS);
      },
      () => {
        if (cache.get(hashHex) === entry) cache.delete(hashHex);
      },
    );
    return looking;
  };
}
