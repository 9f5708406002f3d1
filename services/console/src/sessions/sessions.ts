import { randomBytes } from 'node:crypto';
import { defaults, seal, unseal } from 'iron-webcrypto';
import { endOf, isDueForSeal, MAX_AGE_MS, type Session, sessionSchema } from './session.ts';
import { SessionWatch } from './session-watch.ts';

const ID_BYTES = 16;

/** How long requests that were sent under a session before another took its place are still answered. */
const GRACE_MS = 10_000;

interface Left {
  /** No request under the session is answered from then on; epoch milliseconds. */
  readonly refusedFrom: number;
  /** From then on its cookies have ended anyway. */
  readonly forgottenFrom: number;
}

/**
 * Sessions live in their cookies: sealed with the secret (AES-256 and HMAC-SHA-256), so that only who has the secret can read or make
 * one. What is kept here is which ones were left before their time: an answer that was under way must not bring an old cookie back.
 */
export class Sessions {
  readonly #secret: string;
  readonly #now: () => number;
  readonly #left = new Map<string, Left>();
  readonly #watch: SessionWatch;

  /**
   * @param secret at least 32 characters; all copies of a deployment have the same one
   * @param now epoch milliseconds
   */
  constructor(secret: string, now: () => number) {
    this.#secret = secret;
    this.#now = now;
    this.#watch = new SessionWatch(now);
  }

  begin(key: string): Session {
    const now = this.#now();
    return { id: randomBytes(ID_BYTES).toString('base64url'), key, beganAt: now, usedAt: now };
  }

  /** The same session under another key: its longest time does not begin again. */
  replace(session: Session, key: string): Session {
    this.leave(session);
    return { ...this.begin(key), beganAt: session.beganAt };
  }

  /** Another session takes the place of this one. Requests that are on their way are still answered. */
  leave(session: Session): void {
    this.#leave(session, GRACE_MS);
  }

  /** Ends a session at once. */
  end(session: Session): void {
    this.#leave(session, 0);
  }

  /** Whether requests under a session are answered. */
  isOpen(session: Session): boolean {
    const now = this.#now();
    const left = this.#left.get(session.id);
    return now < endOf(session) && (left === undefined || now < left.refusedFrom);
  }

  /** Whether a session is still the one of its browser, so that an answer may change its cookie. */
  isCurrent(session: Session): boolean {
    return this.isOpen(session) && !this.#left.has(session.id);
  }

  /** The session as used now, if its cookie is to say so; undefined if it said so a moment ago, or the session is left. */
  used(session: Session): Session | undefined {
    const now = this.#now();
    if (!isDueForSeal(session, now) || !this.isCurrent(session)) {
      return undefined;
    }
    const used = { ...session, usedAt: now };
    this.#watch.noteUse(used);
    return used;
  }

  /** For an answer that lasts: a signal that is aborted when its session ends or is left, and what is called when it has ended. */
  until(session: Session): { readonly signal: AbortSignal; release(): void } {
    return this.#watch.until(session);
  }

  /** The text of a cookie. */
  seal(session: Session): Promise<string> {
    return seal(session, this.#secret, defaults);
  }

  /** The session in a cookie; undefined if it was sealed with another secret, or has ended. */
  async open(sealed: string): Promise<Session | undefined> {
    let value: unknown;
    try {
      value = await unseal(sealed, this.#secret, defaults);
    } catch {
      return undefined; // not ours: of another secret, cut off or made up
    }
    const { data } = sessionSchema.safeParse(value);
    if (data === undefined || !this.isOpen(data)) {
      return undefined;
    }
    this.#watch.noteUse(data);
    return data;
  }

  #leave({ id, beganAt }: Session, graceMs: number): void {
    const now = this.#now();
    for (const [other, { forgottenFrom }] of this.#left) {
      if (forgottenFrom <= now) {
        this.#left.delete(other);
      }
    }
    const before = this.#left.get(id)?.refusedFrom ?? Number.POSITIVE_INFINITY;
    this.#left.set(id, {
      refusedFrom: Math.min(before, now + graceMs),
      forgottenFrom: beganAt + MAX_AGE_MS,
    });
    this.#watch.end(id);
  }
}
