import '../../api/no-eval.ts';
import { Desk } from './desk.ts';
import { faultOf } from './desk-error.ts';
import type { DeskProgress, FromDesk, ToDesk } from './messages.ts';
import { turnsOf } from './turns.ts';

const PROGRESS_MS = 100;

const desk = new Desk();
const running = new Map<number, AbortController>();
/** One after the other: each works on what the one before left. */
let last: Promise<void> = Promise.resolve();

self.addEventListener('message', ({ data }: MessageEvent<ToDesk>) => {
  if ('cancel' in data) {
    running.get(data.id)?.abort();
    return;
  }
  const controller = new AbortController();
  running.set(data.id, controller);
  last = last.then(() => work(data, controller.signal));
});

async function work({ id, request }: Extract<ToDesk, { request: unknown }>, signal: AbortSignal): Promise<void> {
  try {
    if (signal.aborted) {
      send({ id, fault: { code: 'cancelled', message: 'It was cancelled' } });
      return;
    }
    send({ id, answer: await desk.answer(request, { turns: turnsOf(signal), tell: throttled(id) }) });
  } catch (error) {
    send({ id, fault: faultOf(error) });
  } finally {
    running.delete(id);
  }
}

/** Progress as often as somebody can read it. */
function throttled(id: number): (progress: DeskProgress) => void {
  let lastMs = Number.NEGATIVE_INFINITY;
  return (progress) => {
    const nowMs = performance.now();
    if (nowMs - lastMs >= PROGRESS_MS) {
      lastMs = nowMs;
      send({ id, progress });
    }
  };
}

function send(message: FromDesk): void {
  self.postMessage(message);
}
