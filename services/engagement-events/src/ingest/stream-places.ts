import { AppError } from '@rewardbook/runtime/http/errors';

/** What a stream tells of itself while it is read. */
export interface StreamPulse {
  arrived(bytes: number): void;
  /** Time in which nothing kept us from reading, and nothing was there. */
  waited(ms: number): void;
}

/** A place among the streams under way. */
export interface StreamPlace extends StreamPulse {
  /** Aborted when another needs the place more. */
  readonly signal: AbortSignal;
  /** Gives the place back. Again: no effect. */
  readonly release: () => void;
}

interface Stream {
  readonly keyId: number;
  readonly ended: AbortController;
  bytes: number;
  waitedMs: number;
}

/** What was long ago counts less: after so much waiting, half of it. */
const WINDOW_MS = 10_000;
/** Nobody is called slow before so much waiting. */
const GRACE_MS = 3_000;

/** The places of streams, so many for a key and so many in all. Where none is free, the slowest sender's is taken, if it is slow. */
export class StreamPlaces {
  readonly #most: number;
  readonly #mostPerKey: number;
  readonly #slowBytesPerSecond: number;
  readonly #streams = new Set<Stream>();

  constructor(limits: {
    readonly streams: number;
    readonly streamsPerKey: number;
    readonly slowBytesPerSecond: number;
  }) {
    this.#most = limits.streams;
    this.#mostPerKey = limits.streamsPerKey;
    this.#slowBytesPerSecond = limits.slowBytesPerSecond;
  }

  get size(): number {
    return this.#streams.size;
  }

  isFullFor(keyId: number): boolean {
    let count = 0;
    for (const stream of this.#streams) if (stream.keyId === keyId) count += 1;
    return count >= this.#mostPerKey;
  }

  /** Undefined where all places are taken by streams that are well under way. */
  take(keyId: number): StreamPlace | undefined {
    if (this.#streams.size >= this.#most && !this.#endSlowest()) return undefined;
    const stream: Stream = { keyId, ended: new AbortController(), bytes: 0, waitedMs: 0 };
    this.#streams.add(stream);
    return {
      signal: stream.ended.signal,
      arrived: (bytes) => {
        stream.bytes += bytes;
      },
      waited: (ms) => {
        stream.waitedMs += ms;
        if (stream.waitedMs < WINDOW_MS) return;
        stream.waitedMs /= 2;
        stream.bytes /= 2;
      },
      release: () => void this.#streams.delete(stream),
    };
  }

  #endSlowest(): boolean {
    let slowest: Stream | undefined;
    for (const stream of this.#streams) {
      if (stream.waitedMs < GRACE_MS || bytesPerSecond(stream) >= this.#slowBytesPerSecond) continue;
      if (slowest === undefined || bytesPerSecond(stream) < bytesPerSecond(slowest)) slowest = stream;
    }
    if (slowest === undefined) return false;
    this.#streams.delete(slowest);
    slowest.ended.abort(
      new AppError('overloaded', 'This stream sent too little while others waited for its place; send the rest again'),
    );
    return true;
  }
}

function bytesPerSecond({ bytes, waitedMs }: Stream): number {
  return (1000 * bytes) / waitedMs;
}
