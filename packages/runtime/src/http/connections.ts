import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { ClientLimits } from './limits.ts';

/**
 * The connections of a server. If an address, or the whole server, is at its limit, the one that has been idle longest makes room; if
 * none is idle, the new one is refused.
 */
export class Connections {
  readonly #limits: Pick<ClientLimits, 'connections' | 'connectionsPerAddress'>;
  // In the order in which they became idle.
  readonly #idle = new Set<Socket>();
  readonly #open = new Map<Socket, string>();
  readonly #ofAddress = new Map<string, number>();

  constructor(server: Server, limits: Pick<ClientLimits, 'connections' | 'connectionsPerAddress'>) {
    this.#limits = limits;
    server.on('connection', (socket: Socket) => this.#add(socket));
    server.on('request', ({ socket }, response) => {
      this.#idle.delete(socket);
      response.once('close', () => {
        if (!socket.destroyed) {
          this.#idle.add(socket);
        }
      });
    });
  }

  /** Those with no request under way. */
  get idle(): Iterable<Socket> {
    return this.#idle;
  }

  get open(): Iterable<Socket> {
    return this.#open.keys();
  }

  #add(socket: Socket): void {
    const address = socket.remoteAddress ?? '';
    const { connections, connectionsPerAddress } = this.#limits;
    const isFull =
      (this.#ofAddress.get(address) ?? 0) >= connectionsPerAddress
        ? !this.#makeRoom((other) => this.#open.get(other) === address)
        : this.#open.size >= connections && !this.#makeRoom(() => true);
    if (isFull) {
      socket.destroy();
      return;
    }
    this.#open.set(socket, address);
    this.#idle.add(socket);
    this.#ofAddress.set(address, (this.#ofAddress.get(address) ?? 0) + 1);
    socket.once('close', () => this.#forget(socket));
  }

  #makeRoom(mayGo: (socket: Socket) => boolean): boolean {
    for (const socket of this.#idle) {
      if (!mayGo(socket)) {
        continue;
      }
      socket.destroy();
      this.#forget(socket);
      return true;
    }
    return false;
  }

  #forget(socket: Socket): void {
    const address = this.#open.get(socket);
    this.#idle.delete(socket);
    if (address === undefined || !this.#open.delete(socket)) {
      return;
    }
    const left = (this.#ofAddress.get(address) ?? 1) - 1;
    if (left === 0) {
      this.#ofAddress.delete(address);
    } else {
      this.#ofAddress.set(address, left);
    }
  }
}
