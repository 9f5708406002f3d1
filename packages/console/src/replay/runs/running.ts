import { createStore } from '../../api/store.ts';
import { loadPackFile } from '../../packs/packs.ts';
import type { OpenSource } from '../events/open-source.ts';
import { fileOf, keepRun } from './run-store.ts';
import type { FromRunner, RunProgress, ToRunner } from './worker/messages.ts';
import type { RunCounts, RunRecord } from './worker/run-record.ts';

/** What of runs is under way in this tab: it goes on while other pages are looked at. */
export interface RunningRun {
  readonly id: string;
  readonly does: 'send' | 'compare';
  readonly progress: RunProgress | null;
  readonly isPaused: boolean;
}

export const running = createStore<readonly RunningRun[]>([]);
/** Counts the changes of what is kept, for pages that list it. */
export const runsChanged = createStore(0);

const workers = new Map<string, Worker>();
/** Another tab can see by it that a run is alive. */
const lockName = (id: string): string => `rewardbook-replay-${id}`;

/** Runs that some tab has under way. */
export async function runsUnderWay(): Promise<ReadonlySet<string>> {
  const { held = [] } = await navigator.locks.query();
  return new Set(held.map(({ name }) => (name ?? '').replace('rewardbook-replay-', '')));
}

/** A new id, later ones after earlier ones. */
export function newRunId(): string {
  const random = [...crypto.getRandomValues(new Uint8Array(4))].map((byte) => byte.toString(16).padStart(2, '0'));
  return `${Date.now().toString(36).padStart(9, '0')}-${random.join('')}`;
}

/** The source of a run; undefined where its file was not kept, and is not given. */
async function sourceOf({ id, source }: RunRecord, given: File | undefined): Promise<OpenSource | undefined> {
  if (source.kind === 'pack') {
    return { kind: 'scenario', scenario: await loadPackFile(source.name, 'scenario.yaml'), events: source.events };
  }
  const file = given ?? (await fileOf(id));
  return file === undefined ? undefined : { kind: 'file', file };
}

/** Sends a run. @returns false where its file is not there any longer */
export async function startRun(run: RunRecord, given?: File): Promise<boolean> {
  const source = await sourceOf(run, given);
  if (source === undefined) {
    return false;
  }
  const begun: RunRecord = { ...run, state: 'sending', failure: null, counts: null, comparison: null };
  await change(begun);
  const job = { program: run.program, source, options: run.options };
  work(begun, 'send', { do: 'send', job });
  return true;
}

/** Simulates a run and compares it with the ledger. @returns false where its file is not there any longer */
export async function compareRun(run: RunRecord, canDryRun: boolean): Promise<boolean> {
  const source = await sourceOf(run, undefined);
  if (source === undefined) {
    return false;
  }
  const job = { program: run.program, source, options: run.options };
  work(run, 'compare', { do: 'compare', job, canDryRun });
  return true;
}

export function pauseRun(id: string, isPaused: boolean): void {
  send(id, { do: isPaused ? 'pause' : 'resume' });
  update(id, { isPaused });
}

export function cancelRun(id: string): void {
  send(id, { do: 'cancel' });
}

function work(run: RunRecord, does: RunningRun['does'], message: ToRunner): void {
  const { id } = run;
  const worker = new Worker(new URL('./worker/run-worker.ts', import.meta.url), { type: 'module', name: 'replay' });
  workers.set(id, worker);
  running.set([...running.get().filter((one) => one.id !== id), { id, does, progress: null, isPaused: false }]);
  let kept = run;
  let release: () => void = () => undefined;
  void navigator.locks.request(lockName(id), () => new Promise<void>((resolve) => (release = resolve)));
  const end = async (last: Partial<RunRecord>): Promise<void> => {
    worker.terminate();
    workers.delete(id);
    kept = { ...kept, ...last };
    await change(kept);
    running.set(running.get().filter((one) => one.id !== id));
    release();
  };
  worker.addEventListener('error', (event) => {
    const failure = `It stopped: ${event.message || 'the memory of the browser may be full'}`;
    void end(does === 'send' ? { state: 'failed', failure } : { failure });
  });
  worker.addEventListener('message', ({ data }: MessageEvent<FromRunner>) => {
    const counts: { counts?: RunCounts } = 'counts' in data && data.counts !== null ? { counts: data.counts } : {};
    switch (data.kind) {
      case 'progress':
        update(id, { progress: data.progress });
        return;
      case 'sent':
        kept = { ...kept, ...counts, state: 'tallying' };
        void change(kept);
        return;
      case 'tallied':
        void end({ ...counts, state: 'done' });
        return;
      case 'compared':
        void end({ comparison: data.comparison, failure: null });
        return;
      case 'cancelled':
        void end(does === 'send' ? { ...counts, state: 'cancelled' } : {});
        return;
      case 'failed':
        void end(does === 'send' ? { ...counts, state: 'failed', failure: data.message } : { failure: data.message });
    }
  });
  worker.postMessage(message);
}

async function change(run: RunRecord): Promise<void> {
  await keepRun(run);
  runsChanged.set(runsChanged.get() + 1);
}

function update(id: string, changes: Partial<RunningRun>): void {
  running.set(running.get().map((one) => (one.id === id ? { ...one, ...changes } : one)));
}

function send(id: string, message: ToRunner): void {
  workers.get(id)?.postMessage(message);
}
