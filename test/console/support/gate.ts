import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A place in front of a service where bytes can be held up, or an answer lost. */
export interface Gate {
  readonly url: string;
  /** Requests go through, answers wait until `release`. */
  hold(): void;
  release(): void;
  /** Requests go through, answers are lost: the connection ends instead. */
  loseAnswers(): void;
  /** Answers come back again. */
  mend(): void;
  close(): Promise<void>;
}

type Mode = 'open' | 'held' | 'losing';

export async function openGate(target: string): Promise<Gate> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let mode: Mode = 'open';
  let held: (() => void)[] = [];
  const server = createServer((client) => {
    const service = connect(Number(port), hostname);
    for (const socket of [client, service]) {
      sockets.add(socket);
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        service.destroy();
      });
      socket.on('error', () => socket.destroy());
    }
    client.pipe(service);
    service.on('data', (bytes) => {
      if (mode === 'losing') {
        client.destroy();
      } else if (mode === 'held') {
        held.push(() => client.write(bytes));
      } else {
        client.write(bytes);
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const release = (): void => {
    mode = 'open';
    const waiting = held;
    held = [];
    for (const pass of waiting) {
      pass();
    }
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hold: () => {
      mode = 'held';
    },
    release,
    loseAnswers: () => {
      mode = 'losing';
    },
    mend: release,
    close: async () => {
      for (const socket of sockets) {
        socket.destroy();
      }
      server.close();
      await once(server, 'close');
    },
  };
}
