import { AppError } from '@rewardbook/runtime/http/errors';

/** What a stream reports about itself while it is read. */
export interface StreamPulse {
  arrived(bytes: number): void;
  /** Time in which we were ready to read, and nothing arrived. */
  waited(ms: number): void;
}

/** A place among the streams under way. */
export interface StreamPlace extends StreamPulse {
  /** Aborted when another needs the place more. */
  readonly signal: AbortSignal;
  /** Gives the place back. A second call has no effect. */
  readonly release: () => void;
}

interface Stream {
  readonly keyId: number;
  readonly ended: AbortController;
  bytes: number;
  waitedMs: number;
}

/** Old measurements count less: after this much waiting, half. */
const WINDOW_MS = 10_000;
/** No stream counts as slow before it was waited for this long. */
const GRACE_MS = 3_000;

/**
 * The places of streams, limited per key and in all. When none is free, the slowest stream loses its place, if it is
 * slower than `slowBytesPerSecond`.
 */
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
    for (const stream of this.#streams) {
      if (stream.keyId === keyId) {
        count += 1;
      }
    }
    return count >= this.#mostPerKey;
  }

  /** Undefined if all places are taken by streams that are fast enough. */
  take(keyId: number): StreamPlace | undefined {
    if (this.#streams.size >= this.#most && !this.#endSlowest()) {
      return undefined;
    }
    const stream: Stream = { keyId, ended: new AbortController(), bytes: 0, waitedMs: 0 };
    this.#streams.add(stream);
    return {
      signal: stream.ended.signal,
      arrived: (bytes) => {
        stream.bytes += bytes;
      },
      waited: (ms) => {
        stream.waitedMs += ms;
        if (stream.waitedMs < WINDOW_MS) {
          return;
        }
        stream.waitedMs /= 2;
        stream.bytes /= 2;
      },
      release: () => void this.#streams.delete(stream),
    };
  }

  #endSlowest(): boolean {
    let slowest: Stream | undefined;
    for (const stream of this.#streams) {
      if (stream.waitedMs < GRACE_MS || bytesPerSecond(stream) >= this.#slowBytesPerSecond) {
        continue;
      }
      if (slowest === undefined || bytesPerSecond(stream) < bytesPerSecond(slowest)) {
        slowest = stream;
      }
    }
    if (slowest === undefined) {
      return false;
    }
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
