import type { Socket } from 'node:net';
import type { FastifyBaseLogger } from 'fastify';
import type { Connections } from './connections.ts';
import type { ClientLimits } from './limits.ts';

interface Reader {
  readonly sinceMs: number;
  /** Bytes that the connection had taken by then. */
  readonly from: number;
}

type Limits = Pick<ClientLimits, 'readerBytesPerSecond' | 'readerGraceMs' | 'lookEveryMs'>;

/**
 * Cuts off who takes an answer too slowly: it holds memory, and maybe a database connection, for as long as it likes. Only the time
 * in which something waits for the reader counts.
 *
 * @returns stops the watch
 */
export function watchSlowReaders(connections: Connections, limits: Limits, logger: FastifyBaseLogger): () => void {
  const readers = new Map<Socket, Reader>();
  const look = (): void => {
    const now = performance.now();
    for (const socket of connections.open) {
      const waiting = socket.writableLength;
      if (waiting === 0) {
        readers.delete(socket);
        continue;
      }
      const reader = readers.get(socket) ?? { sinceMs: now, from: socket.bytesWritten - waiting };
      readers.set(socket, reader);
      // A large piece is sent bit by bit and counted only when it is gone, so what still waits is given its time, too.
      const allowedMs = (1000 * (socket.bytesWritten - reader.from)) / limits.readerBytesPerSecond;
      if (now - reader.sinceMs <= limits.readerGraceMs + allowedMs) {
        continue;
      }
      logger.warn({ waiting, address: socket.remoteAddress }, 'a reader that took its answer too slowly was cut off');
      socket.destroy();
    }
    for (const socket of readers.keys()) {
      if (socket.destroyed) {
        readers.delete(socket);
      }
    }
  };
  const looking = setInterval(look, limits.lookEveryMs);
  looking.unref();
  return () => clearInterval(looking);
}
