/** Tuning of both backends; times in milliseconds. */

/** A job of a worker that was killed starts again after one lock and one or two checks: 10–15 s. */
export const LOCK_MS = 5_000;
export const STALLED_CHECK_MS = 5_000;

/** A worker that dies is not the job's fault: the job is never given up for that. */
export const MAX_STALLED = 1_000_000;

/** After the last attempt the job stays in `failed` for inspection; the sweep enqueues what is not done. */
export const ATTEMPTS = 5;
export const FIRST_BACKOFF_MS = 500;

/** On Postgres a retry is immediate, since a backoff is a delayed job (bullmq #4814): the sweep brings the rest. */
export const ATTEMPTS_ON_POSTGRES = 2;

export const KEEP_COMPLETED = { count: 1_000, age: 3_600 };
export const KEEP_FAILED = { count: 5_000, age: 14 * 86_400 };

export const ENQUEUE_LIMIT_MS = 5_000;
export const CONNECT_LIMIT_MS = 5_000;
export const PROBE_LIMIT_MS = 2_000;
/** For connections to end once their work has. */
export const DISCONNECT_LIMIT_MS = 2_000;
/** Before a worker asks again after an error. */
export const RETRY_MS = 500;
