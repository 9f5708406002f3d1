/** A stored key, found by its hash; revoked ones are not found. */
export interface KnownKey {
  readonly keyId: number;
  /** SHA-256 of the key, in hex: it tells the books who acts. Never show or log it. */
  readonly keyHash: string;
  readonly name: string;
  readonly scopes: readonly string[];
  /** Slugs of the programs that it is for; null: all. */
  readonly programs: readonly string[] | null;
  readonly expiresAt?: Date | undefined;
}

export type FindKey = (hash: Buffer) => Promise<KnownKey | undefined>;

/** How long after it was revoked a key may still be let in, and how long after it was made it may be refused. */
const REMEMBERED_FOR_MS = 1_000;
const MAX_KEYS = 10_000;

/** What a look-up gives: directly if it is cached, else once the database has answered. */
export type Found = KnownKey | undefined | Promise<KnownKey | undefined>;

interface Entry {
  /** A promise while the look-up is under way. */
  found: Found;
  /** Epoch milliseconds. */
  readonly askedAt: number;
}

/**
 * Remembers what `find` said for a second from when it was asked, so that a key costs a look-up a second instead of one a request.
 * Requests that come while a look-up is under way share it. A look-up that fails is not remembered.
 *
 * @returns takes a key's SHA-256 in hex
 */
export function cacheKeys(find: FindKey, now: () => number): (hashHex: string) => Found {
  const cache = new Map<string, Entry>();
  // Not by when the answer came: the key may have been revoked while the look-up took its time. Nor from the future: clocks are set back.
  const isFresh = ({ found, askedAt }: Entry): boolean => {
    const ageMs = now() - askedAt;
    return found instanceof Promise || (ageMs >= 0 && ageMs < REMEMBERED_FOR_MS);
  };
  return (hashHex) => {
    const cached = cache.get(hashHex);
    if (cached !== undefined && isFresh(cached)) {
      return cached.found;
    }
    const askedAt = now();
    const looking = find(Buffer.from(hashHex, 'hex'));
    const entry: Entry = { found: looking, askedAt };
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
      },
      () => {
        if (cache.get(hashHex) === entry) {
          cache.delete(hashHex);
        }
      },
    );
    return looking;
  };
}
