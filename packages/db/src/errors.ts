import { DrizzleQueryError } from 'drizzle-orm/errors';
import postgres from 'postgres';

/** The server or database cannot hold Rewardbook's data; the message says what is needed. */
export class DatabaseUnfit extends Error {
  override readonly name = 'DatabaseUnfit';
}

/** The books refused a call: `code` names the reason, the message says what to do. Nothing was written. */
export class BooksRefused extends Error {
  override readonly name = 'BooksRefused';
  readonly code: string;

  constructor(code: string, advice: string, options?: ErrorOptions) {
    super(advice, options);
    this.code = code;
  }
}

const REFUSED = 'RB001'; // refuse() in the migrations
// Classes of SQLSTATE: connection exception, insufficient resources (a full disk, memory, connections), a server that stops or restarts.
const UNAVAILABLE = /^(08|53|57P)/;
// serialization_failure, deadlock_detected, lock_not_available
const IN_EACH_OTHERS_WAY = new Set(['40001', '40P01', '55P03']);
const DISK_FULL = '53100';
// numeric_value_out_of_range, datetime_field_overflow, character_not_in_repertoire
const UNSTORABLE = new Set(['22003', '22008', '22021']);
const CONNECTION_LOST = new Set([
  'CONNECTION_CLOSED',
  'CONNECTION_ENDED',
  'CONNECTION_DESTROYED',
  'CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
]);

/** Turns a refusal of a SQL function into BooksRefused; rethrows other errors unchanged. Use: `.catch(asRefusal)`. */
export function asRefusal(wrapped: unknown): never {
  const error = ownError(wrapped);
  if (error instanceof postgres.PostgresError && error.code === REFUSED) {
    throw new BooksRefused(error.message, error.detail ?? error.message, { cause: error });
  }
  throw error;
}

/**
 * Whether the same call may succeed when made again: a deadlock, a lost connection, a server that restarts or has no room.
 * Safe only for calls that a natural key makes idempotent, which in Rewardbook is every one that writes.
 */
export function isTransient(wrapped: unknown): boolean {
  const code = codeOf(wrapped);
  return UNAVAILABLE.test(code) || IN_EACH_OTHERS_WAY.has(code) || CONNECTION_LOST.has(code);
}

/** Whether the server's disk is full: that passes once space is freed, and not by retrying immediately. */
export function isDiskFull(wrapped: unknown): boolean {
  return codeOf(wrapped) === DISK_FULL;
}

/**
 * Whether Postgres, by whichever client, has no room for a value that it was given: a text with NUL, a number that is too large, a
 * date of the year 0000.
 */
export function isUnstorable(wrapped: unknown): boolean {
  return UNSTORABLE.has(codeOf(wrapped));
}

/** SQLSTATE, or the name of a failure of the connection, from either client; '' if the error has neither. */
function codeOf(wrapped: unknown): string {
  const error = ownError(wrapped);
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** What the client said: drizzle wraps it. */
function ownError(error: unknown): unknown {
  return error instanceof DrizzleQueryError ? error.cause : error;
}
