/** Why a question that is sound has no answer on these events. */
export class UnanswerableError extends Error {
  override readonly name = 'UnanswerableError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}
