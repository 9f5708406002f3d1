import { endOf, type Session } from './session.ts';

const LOOK_EVERY_MS = 1_000;

interface Watched {
  /** As it was used last, of what this process has seen. */
  session: Session;
  readonly ends: Set<AbortController>;
}

/** Answers that last as long as the session that asked for them, and no longer. */
export class SessionWatch {
  readonly #now: () => number;
  readonly #watched = new Map<string, Watched>();
  #looking: NodeJS.Timeout | undefined;

  /** @param now epoch milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** @returns a signal that is aborted when the session ends, and what is called when the answer has ended before */
  until(session: Session): { readonly signal: AbortSignal; release(): void } {
    const end = new AbortController();
    const watched = this.#watched.get(session.id) ?? { session, ends: new Set() };
    watched.ends.add(end);
    this.#watched.set(session.id, watched);
    this.noteUse(session);
    if (this.#looking === undefined) {
      this.#looking = setInterval(() => this.#look(), LOOK_EVERY_MS);
      this.#looking.unref();
    }
    return {
      signal: end.signal,
      release: () => {
        watched.ends.delete(end);
        if (watched.ends.size === 0 && this.#watched.get(session.id) === watched) {
          this.#forget(session.id);
        }
      },
    };
  }

  /** The session was used: it ends later. */
  noteUse(session: Session): void {
    const watched = this.#watched.get(session.id);
    if (watched !== undefined && session.usedAt > watched.session.usedAt) {
      watched.session = session;
    }
  }

  /** The session has ended, or another one took its place. */
  end(id: string): void {
    const watched = this.#watched.get(id);
    this.#forget(id);
    for (const end of watched?.ends ?? []) {
      end.abort(new Error('the session has ended'));
    }
  }

  /** For those that end because nobody uses them. */
  #look(): void {
    const now = this.#now();
    for (const [id, { session }] of this.#watched) {
      if (now >= endOf(session)) {
        this.end(id);
      }
    }
  }

  #forget(id: string): void {
    this.#watched.delete(id);
    if (this.#watched.size === 0) {
      clearInterval(this.#looking);
      this.#looking = undefined;
    }
  }
}
