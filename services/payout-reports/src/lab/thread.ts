import { parentPort, workerData } from 'node:worker_threads';
import { answer } from './answer.ts';
import { type Told, Unanswerable, type Work } from './work.ts';

const work: Work = workerData;
const tell = (told: Told, transfer: ArrayBuffer[] = []): void => parentPort?.postMessage(told, transfer);

try {
  const found = await answer(work, (progress) => tell({ told: 'progress', progress }));
  tell({ told: 'answer', answer: found });
} catch (error) {
  if (!(error instanceof Unanswerable)) throw error;
  tell({ told: 'failure', failure: { code: error.code, message: error.message } });
}
