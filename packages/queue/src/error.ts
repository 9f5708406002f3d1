export type QueueErrorCode =
  | 'unavailable' // the queue's server cannot be reached, or has not been migrated
  | 'enqueue-failed' // the job may or may not be in the queue
  | 'malformed-job';

/** The queue could not do it; the message says what happens next or what to do. */
export class QueueError extends Error {
  override readonly name = 'QueueError';
  readonly code: QueueErrorCode;

  constructor(code: QueueErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message || String(error) : String(error);
}
