import type { FastifyReply } from 'fastify';
import { Gauge } from 'prom-client';
import { keyOf } from '../access/api-key.ts';
import type { App } from '../app.ts';
import { AppError } from '../http/errors.ts';
import { EventStream } from './event-stream.ts';
import type { SharedPolls } from './shared-polls.ts';

export interface LiveLimits {
  /** Streams of one key at the same time. */
  readonly perKey: number;
  readonly inAll: number;
  /** How often a stream with nothing to say says that it is there. */
  readonly beatMs: number;
  /** How often the key of a stream is looked at again. */
  readonly readmitMs: number;
}

const LIVE_LIMITS: LiveLimits = { perKey: 16, inAll: 256, beatMs: 15_000, readmitMs: 5_000 };

const RETRY_AFTER_SECONDS = 5;

/** What `app.get` of a stream takes besides scope and schema: an answer to HEAD would never end. */
export const LIVE_ROUTE = { exposeHeadRoute: false } as const;

/** What a client watches. */
export interface WatchedState<Key extends string | number> {
  readonly polls: SharedPolls<Key>;
  readonly key: Key;
  readonly without?: readonly string[];
}

/** The streams of a service: who listens, for how long, and until when. */
export class LiveStreams {
  readonly #limits: LiveLimits;
  readonly #open = new Map<EventStream, number>();

  /** Ends what is open when the app closes: a shutdown does not wait for listeners. */
  constructor(app: App, limits: Partial<LiveLimits> = {}) {
    this.#limits = { ...LIVE_LIMITS, ...limits };
    const open = this.#open;
    app.addHook('preClose', async () => {
      for (const stream of open.keys()) {
        stream.end();
      }
    });
    new Gauge({
      name: 'rewardbook_live_listeners',
      help: 'Streams of server-sent events that are open',
      registers: [app.metrics],
      collect() {
        this.set(open.size);
      },
    });
  }

  /**
   * Answers with the state of `key`, whole at first and then as it changes, until the client leaves, its API key is revoked, the state
   * cannot be read, or the service shuts down.
   *
   * @param watched.without parts that this client is not to see
   * @throws AppError `too-many-requests`, `overloaded`; what the first read throws
   */
  async send<Key extends string | number>(
    reply: FastifyReply,
    { polls, key, without = [] }: WatchedState<Key>,
  ): Promise<FastifyReply> {
    const { keyId } = keyOf(reply.request);
    this.#assertRoom(keyId);
    const stream = new EventStream(without);
    this.#open.set(stream, keyId);
    stream.once('close', () => this.#open.delete(stream));
    const leave = await polls.watch(key, stream).catch((error: unknown) => {
      stream.destroy();
      throw error;
    });
    if (stream.destroyed) {
      leave();
      throw new AppError('shutting-down', 'The service is shutting down; try again');
    }
    stream.once('close', leave);
    this.#keepAlive(stream, reply);
    return reply
      .type('text/event-stream; charset=utf-8')
      .header('cache-control', 'no-store')
      .header('x-accel-buffering', 'no') // nginx would collect it
      .send(stream);
  }

  #assertRoom(keyId: number): void {
    const { perKey, inAll } = this.#limits;
    const mine = [...this.#open.values()].filter((other) => other === keyId).length;
    const retry = { retryAfterSeconds: RETRY_AFTER_SECONDS };
    if (mine >= perKey) {
      throw new AppError('too-many-requests', `This key has ${perKey} streams open; close one`, retry);
    }
    if (this.#open.size >= inAll) {
      throw new AppError('overloaded', 'As many streams are open as this service keeps; try again later', retry);
    }
  }

  #keepAlive(stream: EventStream, reply: FastifyReply): void {
    const beating = setInterval(() => stream.beat(), this.#limits.beatMs);
    const readmitting = setInterval(() => {
      reply.readmit().catch(() => stream.end()); // revoked, or the database is away: whoever asks again learns which
    }, this.#limits.readmitMs);
    stream.once('close', () => {
      clearInterval(beating);
      clearInterval(readmitting);
    });
  }
}
