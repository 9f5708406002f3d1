import type { Ingested } from '@rewardbook/contracts/api/ingest/events';

/** How long a request is tried again, and who is told. Milliseconds. */
export interface Patience {
  /** How long what is lost is sent again: a system that is started again has this long to come back. */
  readonly retryForMs: number;
  /** How long a service is waited for that is there and has no room, a full disk above all: it waits for a person. */
  readonly waitForMs: number;
  /** Called with the reason why a request is sent again. */
  readonly onRetry: (reason: string) => void;
}

/** The ingest of one program, as a replay speaks to it. Bodies are lines of NDJSON. */
export interface IngestClient {
  /** Sends a request until it is answered. */
  send(body: Uint8Array, patience: Patience): Promise<Ingested>;
  /** The same, in pieces with pauses between them. @param pausesMs after each piece but the last */
  sendSlowly(pieces: readonly Uint8Array[], pausesMs: readonly number[], patience: Patience): Promise<Ingested>;
  /** Sends the beginning of a request once, and cuts the connection then; answers do not matter. @param end of the beginning, in bytes */
  sendCut(body: Uint8Array, end: number): Promise<void>;
  /** Sends gzip without its end once. @returns the answer, where the service took it for whole */
  sendCutGzip(packed: Uint8Array): Promise<Ingested | undefined>;
  gzip(body: Uint8Array): Promise<Uint8Array>;
  /** The first batch of the program that is not tallied yet; undefined if all are. @param retryForMs left out: asked once */
  firstUntallied(retryForMs?: number): Promise<string | undefined>;
}
