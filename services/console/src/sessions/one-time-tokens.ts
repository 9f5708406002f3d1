import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** What a token stands for. */
export interface OneTimeToken {
  readonly hash: Buffer;
  /** The API key that it signs in with. */
  readonly key: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

const TOKEN_BYTES = 32;
const TOKEN_LASTS_MS = 10 * 60_000;
/** Links that are open at the same time; the oldest makes room. */
const MAX_TOKENS = 16;

/** Tokens that sign in once, within ten minutes. Only their hashes are kept, in this process. */
export class OneTimeTokens {
  readonly #now: () => number;
  #open: OneTimeToken[] = [];

  /** @param now epoch milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** A new token, in base64url. */
  make(key: string): string {
    const token = randomBytes(TOKEN_BYTES).toString('base64url');
    const made = { hash: sha256(token), key, expiresAt: this.#now() + TOKEN_LASTS_MS };
    this.#open = [...this.#fresh().slice(1 - MAX_TOKENS), made];
    return token;
  }

  /** What a token stands for, if it can still be used. */
  find(token: string): OneTimeToken | undefined {
    const wanted = sha256(token);
    let found: OneTimeToken | undefined;
    for (const one of this.#fresh()) {
      if (timingSafeEqual(one.hash, wanted)) {
        found = one;
      }
    }
    return found;
  }

  /** Uses a token up. False if somebody else has done so since it was found. */
  use(token: OneTimeToken): boolean {
    const left = this.#fresh().filter((one) => one !== token);
    const isMine = left.length < this.#fresh().length;
    this.#open = left;
    return isMine;
  }

  #fresh(): OneTimeToken[] {
    const now = this.#now();
    return this.#open.filter(({ expiresAt }) => now < expiresAt);
  }
}

function sha256(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
