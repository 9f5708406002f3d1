import type { ProblemCode } from './problem-codes.ts';

export interface AppErrorOptions extends ErrorOptions {
  /** Seconds after which the caller may try again; for 429 and 503. */
  readonly retryAfterSeconds?: number;
  /** What is wrong where, for a body or query with several faults. */
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
}

/** What a caller can put right, or must wait for: a code (it decides the HTTP status) and a message that says what to do. */
export class AppError extends Error {
  override readonly name = 'AppError';
  readonly code: ProblemCode;
  readonly retryAfterSeconds: number | undefined;
  readonly errors: readonly { readonly path: string; readonly message: string }[] | undefined;

  constructor(code: ProblemCode, message: string, options: AppErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryAfterSeconds = options.retryAfterSeconds;
    this.errors = options.errors;
  }
}
