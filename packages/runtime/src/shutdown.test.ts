import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { type ProcessLike, shutDown, shutDownOnSignal } from './shutdown.ts';

const logger = pino({ level: 'silent' });

function fakeProcess() {
  const listeners = new Map<string, () => void>();
  const exits: number[] = [];
  let exited = () => {};
  const firstExit = new Promise<void>((resolve) => {
    exited = resolve;
  });
  const process: ProcessLike = {
    on: (signal, listener) => listeners.set(signal, listener),
    exit: (code) => {
      exits.push(code);
      exited();
    },
  };
  return { process, exits, firstExit, send: (signal: string) => listeners.get(signal)?.() };
}

describe('shutDown', () => {
  it('goes through the phases in order, past one that fails or hangs', async () => {
    const order: string[] = [];
    const phase = (name: string, run: () => Promise<void> | void) => ({
      name,
      timeoutMs: 20,
      run: () => {
        order.push(name);
        return run();
      },
    });
    const clean = await shutDown(
      [
        phase('fails', () => {
          throw new Error('no');
        }),
        phase('hangs', () => new Promise<void>(() => {})),
        phase('works', async () => {}),
      ],
      logger,
    );
    expect(order).toEqual(['fails', 'hangs', 'works']);
    expect(clean).toBe(false);
    expect(await shutDown([phase('works', async () => {})], logger)).toBe(true);
  });
});

describe('signals', () => {
  it('shut down once and exit with 0', async () => {
    const { process, exits, firstExit, send } = fakeProcess();
    shutDownOnSignal([{ name: 'a', timeoutMs: 1000, run: async () => {} }], logger, process);
    send('SIGTERM');
    await firstExit;
    expect(exits).toEqual([0]);
  });

  it('force an exit the second time', async () => {
    const { process, exits, send } = fakeProcess();
    shutDownOnSignal([{ name: 'a', timeoutMs: 1000, run: () => new Promise<void>(() => {}) }], logger, process);
    send('SIGINT');
    expect(exits).toEqual([]);
    send('SIGTERM');
    expect(exits).toEqual([1]);
  });
});
