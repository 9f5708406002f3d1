/** The system could not be started, or has ended; the message says what to do. */
export class LocalSystemError extends Error {
  override readonly name = 'LocalSystemError';
}
