import type { DiffQuestion, FileDiff, FromDiff } from './messages.ts';

/** Compares files in a worker of its own. @throws Error that says what is wrong with a file */
export function askDiff(question: DiffQuestion, signal: AbortSignal): Promise<FileDiff> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./diff-worker.ts', import.meta.url), { type: 'module', name: 'diff' });
    const end = (): void => worker.terminate();
    signal.addEventListener('abort', () => {
      end();
      reject(new Error('It was cancelled'));
    });
    worker.addEventListener('message', ({ data }: MessageEvent<FromDiff>) => {
      end();
      if ('fault' in data) {
        reject(new Error(data.fault));
      } else {
        resolve(data.diff);
      }
    });
    worker.addEventListener('error', (event) => {
      end();
      reject(new Error(event.message || 'The comparison stopped: the memory of the browser may be full'));
    });
    worker.postMessage(question);
  });
}
