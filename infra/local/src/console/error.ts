/** The console's app cannot be shown; the message says why. */
export class ConsoleAppError extends Error {
  override readonly name = 'ConsoleAppError';
}
