/** What clients may take up of a service, with a key or without one; times in milliseconds. */
export interface ClientLimits {
  /** Longest time for the headers of a request, and longest silence of a connection that has sent nothing yet. */
  readonly headersMs: number;
  /** Longest time for a body to arrive, on routes that set no other. */
  readonly bodyMs: number;
  /** Longest silence within a body. Time in which we do not read does not count. */
  readonly bodyIdleMs: number;
  /** How long a connection may be without a request between two. */
  readonly keepAliveMs: number;
  /** A reader that takes less than this of an answer that waits for it is cut off, after `readerGraceMs`. */
  readonly readerBytesPerSecond: number;
  readonly readerGraceMs: number;
  readonly connections: number;
  /** A proxy in front of a service is one address, too. */
  readonly connectionsPerAddress: number;
  /** Requests of one key under way at the same time. */
  readonly requestsPerKey: number;
  /** How often clients are looked at. */
  readonly lookEveryMs: number;
}

export const CLIENT_LIMITS: ClientLimits = {
  headersMs: 15_000,
  bodyMs: 30_000,
  bodyIdleMs: 10_000,
  keepAliveMs: 75_000, // longer than the usual 60 s of a load balancer, which must be the one to hang up
  readerBytesPerSecond: 16_384,
  readerGraceMs: 60_000,
  connections: 4_096,
  connectionsPerAddress: 1_024,
  requestsPerKey: 1_000,
  lookEveryMs: 1_000,
};

/** Values of a JSON body, nested ones too: each may have a fault, and a fault takes a hundred times the memory. */
export const MAX_JSON_VALUES = 250_000;

/** Faults that an answer lists, and the length of each text. */
export const MAX_FAULTS_LISTED = 100;
export const MAX_FAULT_LENGTH = 500;

/** Of a body on a route that takes none; an empty object is what some clients send. */
export const NO_BODY_BYTES = 1_024;
