interface ProblemKind {
  readonly status: number;
  readonly title: string;
  /** Sent as Retry-After where the error names no other time. */
  readonly retryAfterSeconds?: number;
}

/** Every kind of problem that the services answer with, and its HTTP status. The one place that knows both. */
export const PROBLEM_KINDS = {
  // The request itself
  'bad-request': { status: 400, title: 'Bad request' },
  'invalid-request': { status: 400, title: 'The request does not fit its schema' },
  'bad-json': { status: 400, title: 'Malformed JSON' },
  'bad-utf8': { status: 400, title: 'Not UTF-8' },
  'duplicate-key': { status: 400, title: 'A key appears twice in one object' },
  'bad-csv': { status: 400, title: 'Malformed CSV' },
  'bad-compression': { status: 400, title: 'The compressed body is damaged or cut off' },
  'bad-cursor': { status: 400, title: 'Not a cursor of this list' },
  'bad-period': { status: 400, title: 'Not a period of this program' },
  'bad-time-zone': { status: 400, title: 'Unknown time zone' },
  'bad-amount': { status: 400, title: 'Not an amount of this currency' },
  'bad-policy': { status: 400, title: 'Not a valid policy' },
  'bad-creators': { status: 400, title: 'Not a valid list of creators' },
  unauthorized: { status: 401, title: 'API key needed' },
  forbidden: { status: 403, title: 'The API key lacks a scope' },
  'key-bound': { status: 403, title: 'The API key is for some programs only' },
  'wrong-origin': { status: 403, title: 'The request comes from another site' },
  'not-found': { status: 404, title: 'Not found' },
  'program-unknown': { status: 404, title: 'No such program' },
  'creator-unknown': { status: 404, title: 'No such creator' },
  'not-acceptable': { status: 406, title: 'No such format' },
  'request-timeout': { status: 408, title: 'The request took too long to arrive' },
  'too-large': { status: 413, title: 'Too large' },
  'address-too-long': { status: 414, title: 'The address is too long' },
  'wrong-host': { status: 421, title: 'Not an address of this service' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type' },
  'event-refused': { status: 422, title: 'Not a valid event' },
  'event-conflict': { status: 409, title: 'The event is recorded with other contents' },
  'too-many-requests': { status: 429, title: 'Too many requests', retryAfterSeconds: 1 },
  // The books, as their SQL functions refuse (packages/db/functions)
  'program-fixed': { status: 409, title: 'This part of a program never changes' },
  'policy-too-early': { status: 409, title: 'The policy would change a period that is closing or closed' },
  'scout-changed': { status: 409, title: 'A scout never changes' },
  'creator-twice': { status: 400, title: 'The same creator twice' },
  'import-unknown': { status: 409, title: 'The import no longer exists' },
  'too-many-details': { status: 400, title: 'Too many payment details change at once' },
  'import-incomplete': { status: 409, title: 'Part of the import is missing' },
  'reference-conflict': { status: 409, title: 'The reference is taken' },
  'reference-reversed': { status: 409, title: 'The entry of this reference was reversed' },
  'corrects-unknown': { status: 409, title: 'No such entry to correct' },
  'period-closed': { status: 409, title: 'The period is closing or closed' },
  'period-not-over': { status: 409, title: 'The period is not over' },
  'close-under-way': { status: 409, title: 'Another close is under way', retryAfterSeconds: 1 },
  'close-not-failing': { status: 409, title: 'The close has not failed' },
  'close-out-of-order': { status: 409, title: 'Periods close in order' },
  'no-revenue': { status: 409, title: 'No revenue is booked' },
  'no-policy': { status: 409, title: 'No policy is valid' },
  'not-closed': { status: 409, title: 'The period is not closed' },
  'nothing-closed': { status: 409, title: 'No period is closed' },
  'run-unknown': { status: 404, title: 'No such payout run' },
  'verify-run-unknown': { status: 404, title: 'No such verification' },
  'run-changed': { status: 409, title: 'The payout run has changed' },
  'close-unsound': { status: 409, title: 'A close does not rest on the recorded events' },
  'run-discarded': { status: 409, title: 'The payout run was discarded' },
  'run-not-draft': { status: 409, title: 'The payout run is no longer a draft' },
  'run-not-approved': { status: 409, title: 'The payout run is not approved' },
  'run-not-exported': { status: 409, title: 'The payout run is not exported' },
  'nothing-due': { status: 409, title: 'No payout is due' },
  'payout-unknown': { status: 404, title: 'No such payout' },
  'nothing-to-remit': { status: 409, title: 'No tax is due' },
  'self-approval': { status: 403, title: 'Somebody else has to approve' },
  'approval-needed': { status: 409, title: 'A second person has to approve first' },
  'request-unknown': { status: 404, title: 'No such request' },
  'request-changed': { status: 409, title: 'The request has changed' },
  'request-decided': { status: 409, title: 'The request is decided already' },
  'bad-adjustment': { status: 400, title: 'Not a possible adjustment' },
  'entry-unknown': { status: 404, title: 'No such entry' },
  'not-reversible': { status: 409, title: 'This entry is not reversed' },
  'attempt-not-open': { status: 503, title: 'The attempt was swept', retryAfterSeconds: 1 },
  // Reconciliation
  'bad-statement': { status: 400, title: 'Not a valid statement' },
  'difference-unknown': { status: 409, title: 'No such difference' },
  'differences-open': { status: 409, title: 'Differences are open' },
  'statement-missing': { status: 409, title: 'No statement is imported' },
  'reconciliation-changed': { status: 409, title: 'The reconciliation has changed' },
  // The policy lab
  'upload-unknown': { status: 404, title: 'No such upload' },
  'job-unknown': { status: 404, title: 'No such job' },
  'job-not-done': { status: 409, title: 'The job has no answer' },
  // API keys
  'key-not-manager': { status: 403, title: 'Not a key that manages keys' },
  'scope-not-yours': { status: 403, title: 'Only own scopes can be granted' },
  'programs-not-yours': { status: 403, title: 'Only own programs can be granted' },
  'key-name-taken': { status: 409, title: 'A working key has this name' },
  'key-unknown': { status: 404, title: 'No such key' },
  // Here
  'internal-error': { status: 500, title: 'Internal error' },
  overloaded: { status: 503, title: 'Overloaded', retryAfterSeconds: 1 },
  'shutting-down': { status: 503, title: 'Shutting down', retryAfterSeconds: 1 },
  'not-ready': { status: 503, title: 'Not ready', retryAfterSeconds: 1 },
  'database-unavailable': { status: 503, title: 'The database cannot answer now', retryAfterSeconds: 1 },
  'database-full': { status: 503, title: 'The disk of the database is full', retryAfterSeconds: 5 },
  'service-unavailable': { status: 503, title: 'A service does not answer now', retryAfterSeconds: 1 },
  'queue-unavailable': { status: 503, title: 'The queue cannot answer now', retryAfterSeconds: 1 },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof PROBLEM_KINDS;

export function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(PROBLEM_KINDS, code);
}

/** A kind with its optional fields visible. */
export function problemKind(code: ProblemCode): ProblemKind {
  return PROBLEM_KINDS[code];
}
