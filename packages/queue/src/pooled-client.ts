import pg from 'pg';

/**
 * A connection of a pool. The pool listens for errors of its idle connections, but nothing does between two statements
 * of one that is checked out: a backend killed there would end the process. The next statement fails, which is how
 * BullMQ notices.
 */
export class PooledClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
