import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openQueues, type Queues } from '@rewardbook/queue/queues';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { QueueServer } from './queue-servers.ts';

const logger = { warn: vi.fn(), error: vi.fn() };

/** A promise and what settles it. */
function gate(): { readonly passed: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const passed = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { passed, open };
}

const ids = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, index) => String(from + index));

/** Fresh queues for a test. */
interface Trial {
  readonly server: QueueServer;
  readonly queues: Queues;
  /** Queues of another process. */
  openOther(): Promise<Queues>;
  /** Jobs that are not done. */
  left(name: QueueName): Promise<number>;
  untilEmpty(name: QueueName): Promise<void>;
  close(): Promise<void>;
}

type QueueName = 'tally' | 'close';

async function openTrial(server: QueueServer): Promise<Trial> {
  await server.reset();
  const queues = await openQueues(server.backend, logger);
  const others: Queues[] = [];
  const left = async (name: QueueName): Promise<number> => {
    const depth = (await queues.depths())[name];
    return depth.waiting + depth.active + depth.delayed;
  };
  return {
    server,
    queues,
    openOther: async () => {
      const other = await openQueues(server.backend, logger);
      others.push(other);
      return other;
    },
    left,
    untilEmpty: (name) => vi.waitFor(async () => expect(await left(name)).toBe(0), { timeout: 30_000, interval: 100 }),
    close: async () => {
      await Promise.all([queues, ...others].map((each) => each.close(1_000)));
    },
  };
}

/**
 * What every backend must do.
 *
 * @param missing why the backend cannot be tried here; undefined where it can
 */
export function describeQueues(name: string, start: () => Promise<QueueServer>, missing?: string): void {
  describe(`queues on ${name}`, () => {
    describe.skipIf(missing !== undefined)(missing ?? 'keep their contract', () => {
      let server: QueueServer;
      let trial: Trial;

      beforeAll(async () => {
        server = await start();
      });
      beforeEach(async () => {
        trial = await openTrial(server);
      });
      afterEach(() => trial.close());
      afterAll(() => server?.stop());

      it('brings each job to a worker as it was sent, whether there already or later', () => bringsEachJob(trial));
      it('runs as many jobs at the same time as it may, and no more', () => limitsConcurrency(trial));
      it('runs a job again whose worker was killed in the middle, and one that outlasted the close of its worker', () =>
        runsJobsOfLostWorkers(trial));
      it(
        'loses no job when the server is killed under a running one, and rejects enqueues meanwhile',
        () => survivesItsServer(trial),
        90_000,
      );
      it('finishes running jobs on close, and takes no more', () => finishesOnClose(trial));
      it('refuses a malformed job on the way in; one that got in is recorded, and the next ones go on', () =>
        refusesMalformedJobs(trial));
      it('tries a failed job again, and keeps it when it fails permanently', () => triesFailedJobsAgain(trial));
    });
  });
}

async function bringsEachJob({ queues, untilEmpty }: Trial): Promise<void> {
  const seen: string[] = [];
  await queues.enqueue('tally', { batchIds: ['9007199254740993'] });
  await queues.worker('tally', async (data) => {
    seen.push(...data.batchIds);
  });
  const closes: object[] = [];
  await queues.worker('close', async (data) => {
    closes.push(data);
  });
  await queues.enqueue('tally', ...ids(1, 50).map((id) => ({ batchIds: [id] })));
  await queues.enqueue('close', { program: 'p', period: '2026-10' });
  await vi.waitFor(() => expect(seen).toHaveLength(51), { timeout: 10_000 });
  expect(new Set(seen)).toEqual(new Set(['9007199254740993', ...ids(1, 50)]));
  await vi.waitFor(() => expect(closes).toEqual([{ program: 'p', period: '2026-10' }]), { timeout: 10_000 });
  await untilEmpty('tally');
}

async function limitsConcurrency({ queues, untilEmpty }: Trial): Promise<void> {
  const go = gate();
  let running = 0;
  let most = 0;
  await queues.worker(
    'tally',
    async () => {
      running += 1;
      most = Math.max(most, running);
      await go.passed;
      running -= 1;
    },
    { concurrency: 3 },
  );
  await queues.enqueue('tally', ...ids(1, 9).map((id) => ({ batchIds: [id] })));
  await vi.waitFor(() => expect(running).toBe(3), { timeout: 10_000 });
  expect((await queues.depths()).tally).toMatchObject({ active: 3, waiting: 6 });
  go.open();
  await untilEmpty('tally');
  expect(most).toBe(3);
}

// Both wait for the lock of a job to expire, at the same time: one on each queue.
async function runsJobsOfLostWorkers({ server, queues, openOther, untilEmpty }: Trial): Promise<void> {
  const program = fileURLToPath(new URL('./queue-worker-process.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', program, JSON.stringify(server.backend)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const started = gate();
  const aborted = gate();
  const other = await openOther();
  await other.worker('close', async (_data, { signal }) => {
    signal.addEventListener('abort', () => aborted.open());
    started.open();
    await new Promise(() => undefined);
  });
  try {
    await queues.enqueue('tally', { batchIds: ['7'] });
    await queues.enqueue('close', { program: 'p', period: '2026-10' });
    const [line] = await once(createInterface(child.stdout), 'line');
    expect(line).toBe('7');
    await started.passed;
  } finally {
    child.kill('SIGKILL');
  }
  expect(await other.close(100)).toBe(false);
  await aborted.passed;
  const seen: string[] = [];
  await queues.worker('tally', async ({ batchIds }) => {
    seen.push(...batchIds);
  });
  await queues.worker('close', async ({ period }) => {
    seen.push(period);
  });
  await vi.waitFor(() => expect(seen.sort()).toEqual(['2026-10', '7']), { timeout: 25_000 });
  await untilEmpty('tally');
  await untilEmpty('close');
}

async function survivesItsServer({ server, queues, untilEmpty }: Trial): Promise<void> {
  const started = gate();
  const go = gate();
  const seen = new Set<string>();
  await queues.worker('tally', async (data) => {
    started.open();
    await go.passed;
    for (const id of data.batchIds) {
      seen.add(id);
    }
  });
  await queues.enqueue('tally', ...ids(1, 5).map((id) => ({ batchIds: [id] })));
  await started.passed;
  await server.kill();
  await expect(queues.enqueue('tally', { batchIds: ['6'] })).rejects.toMatchObject({ code: 'enqueue-failed' });
  await expect(queues.ready()).rejects.toMatchObject({ code: 'unavailable' });
  await server.restart();
  go.open();
  await vi.waitFor(() => queues.enqueue('tally', { batchIds: ['7'] }), { timeout: 15_000, interval: 200 });
  await vi.waitFor(() => expect([...seen].sort()).toEqual(['1', '2', '3', '4', '5', '7']), { timeout: 25_000 });
  await untilEmpty('tally');
  await queues.ready();
}

async function finishesOnClose({ queues, openOther, left }: Trial): Promise<void> {
  const started = gate();
  const go = gate();
  const done: string[] = [];
  const other = await openOther();
  await other.worker('tally', async (data) => {
    started.open();
    await go.passed;
    done.push(...data.batchIds);
  });
  await queues.enqueue('tally', { batchIds: ['1'] }, { batchIds: ['2'] });
  await started.passed;
  const closing = other.close(20_000);
  go.open();
  expect(await closing).toBe(true);
  expect(done).toHaveLength(1);
  expect(await left('tally')).toBe(1);
  await expect(other.enqueue('tally', { batchIds: ['3'] })).rejects.toMatchObject({ code: 'enqueue-failed' });
}

async function refusesMalformedJobs({ server, queues, left, untilEmpty }: Trial): Promise<void> {
  await expect(queues.enqueue('tally', { batchIds: ['1'] }, { batchIds: [] })).rejects.toMatchObject({
    code: 'malformed-job',
  });
  expect(await left('tally')).toBe(0);
  await server.plant('tally', { batchIds: [1] });
  await queues.enqueue('tally', { batchIds: ['2'] });
  const seen: string[] = [];
  await queues.worker('tally', async (data) => {
    seen.push(...data.batchIds);
  });
  await untilEmpty('tally');
  expect(seen).toEqual(['2']);
  expect((await queues.depths()).tally.failed).toBe(1);
}

async function triesFailedJobsAgain({ queues, untilEmpty }: Trial): Promise<void> {
  const attempts: number[] = [];
  await queues.worker('close', async (data, { attempt }) => {
    if (data.program === 'never') {
      throw new Error('never');
    }
    attempts.push(attempt);
    if (attempt === 1) {
      throw new Error('the first time');
    }
  });
  await queues.enqueue('close', { program: 'once', period: '2026-10' }, { program: 'never', period: '2026-10' });
  await untilEmpty('close');
  expect(attempts).toEqual([1, 2]);
  expect((await queues.depths()).close.failed).toBe(1);
}
