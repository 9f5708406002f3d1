import { AppError } from '@rewardbook/runtime/errors';
import type { Limits } from '../limits.ts';

/** What admission looks at before a body is read. */
export interface Load {
  readonly loopDelayMs: () => number;
  readonly databaseFails: () => boolean;
  readonly oldestStatementMs: () => number;
  readonly waitingEvents: () => number;
  readonly putOff: (reason: string) => void;
}

/** Gives back what a request took. Calling it again does nothing. */
export type Release = () => void;

/** Decides whether a request is taken on. What is not is told at once when to come back, instead of being kept in memory. */
export class Admission {
  readonly #limits: Limits;
  readonly #load: Load;
  readonly #streamsOfKey = new Map<number, number>();
  #streams = 0;
  #bodyBytes = 0;

  constructor(limits: Limits, load: Load) {
    this.#limits = limits;
    this.#load = load;
  }

  get streams(): number {
    return this.#streams;
  }

  /** @throws AppError `too-many-requests`, `overloaded` or `database-unavailable` */
  admitStream(keyId: number): Release {
    const ofKey = this.#streamsOfKey.get(keyId) ?? 0;
    if (ofKey >= this.#limits.streamsPerKey) {
      this.#load.putOff('streams-per-key');
      const message = `This key has ${ofKey} streams under way, which is the limit; wait until one ends`;
      throw new AppError('too-many-requests', message, { retryAfterSeconds: 2 });
    }
    this.#assertRoom();
    if (this.#streams >= this.#limits.streams) this.#refuse('streams', 'Too many streams are under way');
    this.#streams += 1;
    this.#streamsOfKey.set(keyId, ofKey + 1);
    return once(() => {
      this.#streams -= 1;
      const left = (this.#streamsOfKey.get(keyId) ?? 1) - 1;
      if (left === 0) this.#streamsOfKey.delete(keyId);
      else this.#streamsOfKey.set(keyId, left);
    });
  }

  /**
   * @param bytes length of the body if known
   * @throws AppError `overloaded` or `database-unavailable`
   */
  admitBody(bytes: number | undefined): Release {
    const reserved = Math.min(bytes ?? this.#limits.bodyBytes, this.#limits.bodyBytes);
    this.#assertRoom();
    if (this.#load.waitingEvents() >= this.#limits.waitingEvents) this.#refuse('events', 'Too many events are waiting');
    if (this.#bodyBytes + reserved > this.#limits.bodyBytesInFlight) {
      this.#refuse('bytes', 'Too many bodies are being read');
    }
    this.#bodyBytes += reserved;
    return once(() => {
      this.#bodyBytes -= reserved;
    });
  }

  #assertRoom(): void {
    if (this.#load.databaseFails() || this.#load.oldestStatementMs() > this.#limits.slowStatementMs) {
      this.#load.putOff('database');
      throw new AppError('database-unavailable', 'The database does not answer; nothing of this was recorded', {
        retryAfterSeconds: 2,
      });
    }
    if (this.#load.loopDelayMs() > this.#limits.loopDelayMs) this.#refuse('loop', 'The service is too busy');
  }

  #refuse(reason: string, message: string): never {
    this.#load.putOff(reason);
    throw new AppError('overloaded', `${message}; nothing of this was recorded, send it again`);
  }
}

function once(release: () => void): Release {
  let released = false;
  return () => {
    if (released) return;
    released = true;
    release();
  };
}
