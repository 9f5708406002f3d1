import '../../../api/no-eval.ts';
import { TableError } from '@rewardbook/contracts/files/event-tables/table-error';
import { replay, untilTallied } from '@rewardbook/replay/replay';
import type { ReplaySummary, ReplayTally } from '@rewardbook/replay/tally';
import { openSource } from '../../events/open-source.ts';
import { compareRun } from './compare-run.ts';
import type { FromRunner, RunJob, RunProgress, ToRunner } from './messages.ts';
import { type Gate, pageIngest } from './page-ingest.ts';
import { planOf } from './plan-run.ts';
import type { RunCounts } from './run-record.ts';

// One run of a replay: sends it, waits until it is tallied; or simulates it and compares.

const PROGRESS_MS = 150;
const SAID_FOR_MS = 3_000;

const controller = new AbortController();
let resume: (() => void) | undefined;
let paused: Promise<void> | undefined;
const gate: Gate = { pass: () => paused ?? Promise.resolve() };

self.addEventListener('message', ({ data }: MessageEvent<ToRunner>) => {
  switch (data.do) {
    case 'send':
      void sendRun(data.job);
      return;
    case 'compare':
      void work(async () => {
        const comparison = await compareRun(data.job, data.canDryRun, throttled(), controller.signal);
        tell({ kind: 'compared', comparison });
      });
      return;
    case 'pause':
      paused ??= new Promise((resolve) => {
        resume = resolve;
      });
      return;
    case 'resume':
      resume?.();
      paused = undefined;
      return;
    case 'cancel':
      resume?.();
      controller.abort(new DOMException('cancelled', 'AbortError'));
  }
});

async function sendRun({ program, source, options }: RunJob): Promise<void> {
  let counts: RunCounts | null = null;
  await work(
    async () => {
      const opened = await openSource(source);
      const report = throttled();
      let waiting: { readonly reason: string; readonly untilMs: number } | undefined;
      const onProgress = (tally: ReplayTally): void => {
        counts = countsOf(tally.summary());
        report({
          ...{ phase: 'sending', counts, done: opened.done(), total: opened.total * options.repeat },
          waiting: waiting !== undefined && performance.now() < waiting.untilMs ? waiting.reason : null,
        });
      };
      const onWaiting = (reason: string): void => {
        waiting = { reason, untilMs: performance.now() + SAID_FOR_MS };
        report({ phase: 'sending', counts, done: opened.done(), total: opened.total, waiting: reason });
      };
      const client = pageIngest(program, gate, controller.signal);
      const summary = await replay(client, { ...planOf(opened, options), onProgress, onWaiting }, controller.signal);
      counts = countsOf(summary);
      if (summary.sent === 0 && (summary.onPurpose?.dropped ?? 0) === 0) {
        throw new TableError(`${opened.name} has no events`);
      }
      tell({ kind: 'sent', counts });
      await untilTallied(client, controller.signal);
      tell({ kind: 'tallied', counts });
    },
    () => counts,
  );
}

async function work(does: () => Promise<void>, counts: () => RunCounts | null = () => null): Promise<void> {
  try {
    await does();
  } catch (error) {
    if (controller.signal.aborted) {
      tell({ kind: 'cancelled', counts: counts() });
    } else {
      tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error), counts: counts() });
    }
  }
}

function countsOf({ latencyMs: _, refused, onPurpose, ...counts }: ReplaySummary): RunCounts {
  return {
    ...counts,
    refused: refused.map((one) => ({ ...one })),
    onPurpose:
      onPurpose === undefined
        ? null
        : { ...onPurpose, faults: { ...onPurpose.faults }, unnoticed: { ...onPurpose.unnoticed } },
  };
}

/** As often as somebody can read it. */
function throttled(): (progress: RunProgress) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const nowMs = performance.now();
    if (nowMs - lastMs >= PROGRESS_MS) {
      lastMs = nowMs;
      tell({ kind: 'progress', progress });
    }
  };
}

function tell(message: FromRunner): void {
  self.postMessage(message);
}
