/** 1: differs, or an invariant is broken. 2: wrong usage or input. 3: a server or file failed. */
export type FailureCode = 1 | 2 | 3;

/** Why a command ends without finishing its work; the message says what to do. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly exitCode: FailureCode;

  constructor(exitCode: FailureCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** Books or results are wrong. */
export function mismatchError(message: string): CliFailure {
  return new CliFailure(1, message);
}

/** The caller gave something that cannot be used. */
export function inputError(message: string, cause?: unknown): CliFailure {
  return new CliFailure(2, message, { cause });
}

/** A server, a file or the machine failed. */
export function serverError(message: string, cause?: unknown): CliFailure {
  return new CliFailure(3, message, { cause });
}

/** Asked to stop by a signal. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

export const EXIT_INTERRUPTED = 130;
