import type { z } from 'zod';
import { path } from '../api/client.ts';
import { sessionEnded } from '../api/connection.ts';
import { ApiProblem, type ApiService, UnreadableAnswer } from '../api/problems.ts';
import { createStore, type Store } from '../api/store.ts';
import { readEvents, type StreamEvent } from './read-events.ts';

/** The parts of a state that a stream tells, by the name of their events. */
export type PartSchemas = Readonly<Record<string, z.ZodType>>;
export type PartsOf<Schemas extends PartSchemas> = { readonly [Name in keyof Schemas]?: z.output<Schemas[Name]> };

/** What a page knows of something that it watches. */
export interface Watched<Parts> {
  /** As they were told last; a part that is not there was never told. */
  readonly parts: Parts;
  /** `lost`: it is asked for again by itself; `refused`: it is not, since that would not help. */
  readonly state: 'connecting' | 'live' | 'lost' | 'refused';
  readonly error: unknown;
}

const UNKNOWN = { parts: {}, state: 'connecting', error: undefined } as const;
const FIRST_PAUSE_MS = 500;
const MAX_PAUSE_MS = 15_000;
/** A stream that lasted this long was well: the next pause is short again. */
const WELL_AFTER_MS = 5_000;
/** Statuses after which asking again is of no use. */
const FINAL_STATUSES = new Set([400, 403, 404, 406]);

/**
 * A stream of a program that a page watches, taken up again by itself whenever it ends. It is open while somebody looks: not in a tab
 * that is hidden, since a browser keeps only six connections to a server, for all its tabs.
 */
export class LiveSource<Schemas extends PartSchemas> {
  readonly store: Store<Watched<PartsOf<Schemas>>>;
  readonly #service: ApiService;
  readonly #program: string;
  readonly #schemas: Schemas;
  #viewers = 0;
  #leaving: AbortController | undefined;
  #pauseMs = FIRST_PAUSE_MS;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(service: ApiService, program: string, schemas: Schemas) {
    this.#service = service;
    this.#program = program;
    this.#schemas = schemas;
    this.store = createStore<Watched<PartsOf<Schemas>>>(UNKNOWN);
  }

  /** @returns ends it */
  watch(): () => void {
    this.#viewers += 1;
    if (this.#viewers === 1) {
      document.addEventListener('visibilitychange', this.#look);
      this.#look();
    }
    let isOver = false;
    return () => {
      if (!isOver) {
        isOver = true;
        this.#viewers -= 1;
        this.#look();
      }
    };
  }

  /** Asks again now. */
  retry(): void {
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#stop();
    this.#look();
  }

  readonly #look = (): void => {
    if (this.#viewers > 0 && document.visibilityState === 'visible') {
      if (this.#leaving === undefined) {
        void this.#listen();
      }
      return;
    }
    this.#stop();
    if (this.#viewers === 0) {
      document.removeEventListener('visibilitychange', this.#look);
      this.store.set(UNKNOWN); // whoever looks next may be somebody else
    }
  };

  #stop(): void {
    clearTimeout(this.#timer);
    this.#leaving?.abort();
    this.#leaving = undefined;
  }

  async #listen(): Promise<void> {
    const leaving = new AbortController();
    this.#leaving = leaving;
    const begunAt = Date.now();
    let error: unknown;
    try {
      const call = { service: this.#service, path: path`/v1/programs/${this.#program}/live`, signal: leaving.signal };
      await readEvents(call, (event) => this.#take(event));
    } catch (cause) {
      error = cause;
    }
    if (this.#leaving !== leaving) {
      return; // nobody looks now
    }
    if (error instanceof UnreadableAnswer || (error instanceof ApiProblem && FINAL_STATUSES.has(error.status))) {
      this.#set({ state: 'refused', error });
    } else if (error instanceof ApiProblem && error.status === 401) {
      this.#waitForSignIn(error);
    } else {
      this.#tryLater(error, Date.now() - begunAt);
    }
  }

  #tryLater(error: unknown, lastedMs: number): void {
    const wasWell = lastedMs >= WELL_AFTER_MS;
    this.#pauseMs = wasWell ? FIRST_PAUSE_MS : Math.min(2 * this.#pauseMs, MAX_PAUSE_MS);
    // A stream that was well may just have ended, for another person or another copy of the service.
    this.#set({ state: wasWell ? 'connecting' : 'lost', error });
    this.#timer = setTimeout(() => void this.#listen(), this.#pauseMs);
  }

  /** The dialog that asks who is there is open; once somebody has signed in, it goes on. */
  #waitForSignIn(error: unknown): void {
    this.#set({ state: 'lost', error });
    const unsubscribe = sessionEnded.subscribe(() => {
      if (!sessionEnded.get()) {
        unsubscribe();
        this.retry();
      }
    });
  }

  #take({ name, data }: StreamEvent): void {
    const schema = this.#schemas[name];
    if (schema === undefined) {
      return; // of a later version of the service
    }
    const parsed = readPart(schema, name, data);
    this.#set({
      state: 'live',
      error: undefined,
      parts: { ...this.store.get().parts, [name]: parsed },
    });
  }

  #set(changes: Partial<Watched<PartsOf<Schemas>>>): void {
    this.store.set({ ...this.store.get(), ...changes });
  }
}

/** @throws UnreadableAnswer */
function readPart(schema: z.ZodType, name: string, data: string): unknown {
  try {
    return schema.parse(JSON.parse(data));
  } catch (cause) {
    throw new UnreadableAnswer(`“${name}” of a stream is not as expected`, { cause });
  }
}
