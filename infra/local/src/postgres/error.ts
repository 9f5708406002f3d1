export type EmbeddedPostgresErrorCode =
  | 'unsupported' // no binaries for this machine, or they do not run here
  | 'no-user' // we are root, and there is no user to run the server as
  | 'unreachable' // the server's user cannot enter the data folder
  | 'unusable' // the data folder cannot be written, is not a folder, or is another user's
  | 'foreign' // the data folder's cluster is not one that we made, or not whole
  | 'in-use' // another server has the data folder
  | 'port-in-use'
  | 'version' // the data folder belongs to another major version
  | 'failed'; // initdb or the server ended; the message has the end of its log

/** The embedded Postgres could not be started; the message says what to do. */
export class EmbeddedPostgresError extends Error {
  override readonly name = 'EmbeddedPostgresError';
  readonly code: EmbeddedPostgresErrorCode;

  constructor(code: EmbeddedPostgresErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
