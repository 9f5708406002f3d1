import { parentPort } from 'node:worker_threads';
import { closePrototypes } from '@rewardbook/runtime/closed-prototypes';
import { answer } from './answer.ts';
import { Unanswerable, type Work, type WorkerMessage } from './work.ts';

closePrototypes();

const tell = (told: WorkerMessage): void => parentPort?.postMessage(told);

async function work(given: Work): Promise<void> {
  try {
    const found = await answer(given, (progress) => tell({ told: 'progress', progress }));
    tell({ told: 'answer', answer: found });
  } catch (error) {
    // Anything else is a defect, and ends the thread.
    if (!(error instanceof Unanswerable)) {
      throw error;
    }
    tell({ told: 'failure', failure: { code: error.code, message: error.message } });
  }
}

parentPort?.on('message', (given: Work) => void work(given));
