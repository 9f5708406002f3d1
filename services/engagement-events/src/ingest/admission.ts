import { AppError } from '@rewardbook/runtime/http/errors';
import { type BodyRoom, BodyRooms } from './body-room.ts';
import type { Limits } from './limits.ts';
import { type StreamPlace, StreamPlaces } from './stream-places.ts';

/** What admission looks at before a body is read. */
export interface Load {
  readonly loopDelayMs: () => number;
  readonly databaseFails: () => boolean;
  readonly oldestStatementMs: () => number;
  readonly waitingEvents: () => number;
  readonly putOff: (reason: string) => void;
}

/** Decides whether to accept a request. A refused one is answered immediately with Retry-After, not kept in memory. */
export class Admission {
  readonly #limits: Limits;
  readonly #load: Load;
  readonly #places: StreamPlaces;
  readonly #rooms: BodyRooms;

  constructor(limits: Limits, load: Load) {
    this.#limits = limits;
    this.#load = load;
    this.#places = new StreamPlaces(limits);
    this.#rooms = new BodyRooms(limits);
  }

  get streams(): number {
    return this.#places.size;
  }

  /** @throws AppError `too-many-requests`, `overloaded` or `database-unavailable` */
  admitStream(keyId: number): StreamPlace {
    if (this.#places.isFullFor(keyId)) {
      this.#load.putOff('streams-per-key');
      const message = `This key has ${this.#limits.streamsPerKey} streams under way, which is the limit; wait until one ends`;
      throw new AppError('too-many-requests', message, { retryAfterSeconds: 2 });
    }
    this.#assertRoom();
    return this.#places.take(keyId) ?? this.#refuse('streams', 'Too many streams are under way');
  }

  /** @throws AppError `overloaded` or `database-unavailable`; so does the function it returns */
  admitBody(keyId: number): BodyRoom {
    this.#assertRoom();
    if (this.#load.waitingEvents() >= this.#limits.waitingEvents) {
      this.#refuse('events', 'Too many events are waiting');
    }
    return this.#rooms.open(keyId, (isOfKey) => {
      if (!isOfKey) {
        return this.#refuse('bytes', 'Too many bodies are being read');
      }
      this.#load.putOff('bytes-per-key');
      const message = 'Bodies of this key take all the room that a key has; wait until one is answered';
      throw new AppError('too-many-requests', message, { retryAfterSeconds: 2 });
    });
  }

  #assertRoom(): void {
    if (this.#load.databaseFails() || this.#load.oldestStatementMs() > this.#limits.slowStatementMs) {
      this.#load.putOff('database');
      throw new AppError('database-unavailable', 'The database does not answer; nothing of this was recorded', {
        retryAfterSeconds: 2,
      });
    }
    if (this.#load.loopDelayMs() > this.#limits.loopDelayMs) {
      this.#refuse('loop', 'The service is too busy');
    }
  }

  #refuse(reason: string, message: string): never {
    this.#load.putOff(reason);
    throw new AppError('overloaded', `${message}; nothing of this was recorded, send it again`);
  }
}
