import type { Issue } from '@rewardbook/contracts/values/issue';
import type { DeskAnswers, DeskProgress, DeskRequest, FromDesk, ToDesk } from './messages.ts';

/** Why the lab has no answer, as its worker says it. */
class LabFault extends Error {
  override readonly name = 'LabFault';
  readonly code: string;
  readonly issues: readonly Issue[];

  constructor(code: string, message: string, issues: readonly Issue[] = []) {
    super(message);
    this.code = code;
    this.issues = issues;
  }
}

interface Waiting {
  resolve(answer: DeskAnswers[keyof DeskAnswers]): void;
  reject(error: Error): void;
  readonly onProgress: ((progress: DeskProgress) => void) | undefined;
}

export interface Asking {
  readonly signal?: AbortSignal;
  onProgress?(progress: DeskProgress): void;
}

let worker: Worker | undefined;
let lastId = 0;
const waiting = new Map<number, Waiting>();

/** Asks the lab's worker, which is started with the first question. @throws LabFault */
export async function askDesk<Request extends DeskRequest>(
  request: Request,
  { signal, onProgress }: Asking = {},
): Promise<DeskAnswers[Request['ask']]> {
  signal?.throwIfAborted();
  worker ??= startWorker();
  const asked = worker;
  lastId += 1;
  const id = lastId;
  const cancel = (): void => send(asked, { id, cancel: true });
  signal?.addEventListener('abort', cancel, { once: true });
  try {
    const answer = await new Promise<DeskAnswers[keyof DeskAnswers]>((resolve, reject) => {
      waiting.set(id, { resolve, reject, onProgress });
      send(asked, { id, request });
    });
    return answer as DeskAnswers[Request['ask']]; // the worker answers what it was asked
  } finally {
    signal?.removeEventListener('abort', cancel);
  }
}

function startWorker(): Worker {
  const started = new Worker(new URL('./lab-worker.ts', import.meta.url), { type: 'module', name: 'lab' });
  started.addEventListener('message', ({ data }: MessageEvent<FromDesk>) => {
    const asked = waiting.get(data.id);
    if ('progress' in data) {
      asked?.onProgress?.(data.progress);
      return;
    }
    waiting.delete(data.id);
    if ('fault' in data) {
      asked?.reject(new LabFault(data.fault.code, data.fault.message, data.fault.issues));
    } else {
      asked?.resolve(data.answer);
    }
  });
  started.addEventListener('error', (event) => {
    const message = `The lab stopped: ${event.message || 'its memory may be full'}. Choose the events again.`;
    started.terminate();
    worker = undefined;
    for (const asked of waiting.values()) {
      asked.reject(new LabFault('stopped', message));
    }
    waiting.clear();
  });
  return started;
}

function send(to: Worker, message: ToDesk): void {
  to.postMessage(message);
}
