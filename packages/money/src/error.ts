/** What was wrong; callers map it to their own error or problem. */
export type MoneyErrorCode =
  | 'unknown-currency'
  | 'bad-decimal'
  | 'too-many-decimals'
  | 'too-many-digits'
  | 'division-by-zero'
  | 'negative-pool'
  | 'negative-weight'
  | 'negative-cap';

/** Refused input of this package: a code for machines, a message that says what to do. */
export class MoneyError extends Error {
  readonly code: MoneyErrorCode;

  constructor(code: MoneyErrorCode, message: string) {
    super(message);
    this.name = 'MoneyError';
    this.code = code;
  }
}
