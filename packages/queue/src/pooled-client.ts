import pg from 'pg';

/**
 * A connection of a pool. The pool listens for errors of those that are idle in it, and nobody does between two statements of one that is
 * lent: a backend killed there would end the process. The next statement fails, which is how BullMQ learns of it.
 */
export class PooledClient extends pg.Client {
  constructor(config?: pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
