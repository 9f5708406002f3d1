/** What was wrong; callers map it to a problem or an exit code. */
export type DomainErrorCode =
  | 'bad-period'
  | 'bad-time-zone'
  | 'bad-policy'
  | 'bad-close'
  | 'bad-posting'
  | 'not-canonical';

/** Refused input of this package: a code for machines, a message that says what to do. */
export class DomainError extends Error {
  readonly code: DomainErrorCode;

  constructor(code: DomainErrorCode, message: string) {
    super(message);
    this.name = 'DomainError';
    this.code = code;
  }
}
