/** Why a replay ends: the events cannot be sent so, or the service makes no headway. The message says what to do. */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
  readonly kind: 'input' | 'stalled';

  constructor(kind: 'input' | 'stalled', message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}
