/** The load that one instance accepts; more is refused immediately, not kept in memory. */
export interface Limits {
  /** Largest body that is not a stream, after decompression. */
  readonly bodyBytes: number;
  /** A body of more events than this is processed like a stream, instead of being collected with others. */
  readonly collectedBodyEvents: number;
  /** Events of one statement for streams: larger ones gain nothing, and cost memory and latency. */
  readonly flushEvents: number;
  /** Events of one statement for what is collected from single requests. */
  readonly collectedFlushEvents: number;
  /** Events waiting to be collected. */
  readonly waitingEvents: number;
  readonly streamsPerKey: number;
  readonly streams: number;
  /** Sum of the bodies, other than streams, that are being read or processed. */
  readonly bodyBytesInFlight: number;
  /** The share of one key in that. */
  readonly bodyBytesPerKey: number;
  /** When all places are taken, a stream that sends less than this gives its place to another. */
  readonly slowBytesPerSecond: number;
  /** Longest silence of a stream, in milliseconds. Time in which we do not read does not count. */
  readonly idleMs: number;
  /** Longest time for a body to arrive that is not a stream, and longest silence of it. */
  readonly bodyMs: number;
  readonly bodyIdleMs: number;
  /** Longest time of one stream. */
  readonly streamMs: number;
  /** How long a shutdown lets streams run before it ends them. */
  readonly drainMs: number;
  /** How long a statement is retried while the database cannot be reached. */
  readonly retryMs: number;
  /** Longest time of a statement; while the database fails, it is `retryMs`. */
  readonly statementMs: number;
  /** Longest time of a look-up or of a page of a list. */
  readonly readMs: number;
  /** A statement that has been under way for longer than this has new requests refused. */
  readonly slowStatementMs: number;
  /** New requests are refused while the event loop runs later than this, in the median of the last second. */
  readonly loopDelayMs: number;
}

export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 8 * 1024 * 1024,
  collectedBodyEvents: 500,
  flushEvents: 5_000,
  collectedFlushEvents: 2_000,
  waitingEvents: 20_000,
  streamsPerKey: 16,
  streams: 32,
  bodyBytesInFlight: 64 * 1024 * 1024,
  bodyBytesPerKey: 24 * 1024 * 1024,
  slowBytesPerSecond: 16_384,
  idleMs: 30_000,
  bodyMs: 30_000,
  bodyIdleMs: 10_000,
  streamMs: 6 * 3_600_000,
  drainMs: 10_000,
  retryMs: 5_000,
  statementMs: 60_000,
  readMs: 15_000,
  slowStatementMs: 15_000,
  loopDelayMs: 400,
};
