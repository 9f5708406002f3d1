import { DomainError } from '@rewardbook/domain/values/error';
import { answerQuestion } from '@rewardbook/lab/answer/answer-question';
import { UnanswerableError } from '@rewardbook/lab/answer/unanswerable-error';
import { MoneyError } from '@rewardbook/money/error';
import { move } from 'piscina';
import { questionOfBody } from './question-body.ts';
import { readEvents } from './read-events.ts';
import { readBooks } from './recorded.ts';
import { taskOfThread } from './thread-task.ts';
import type { EventSource, Failure, JobProgress, Work } from './work.ts';

type Tell = (progress: JobProgress) => void;

/** Answers a question: its JSON, which is handed over and not copied, or why there is no answer. Anything else that is thrown is a defect. */
export const answerJob = taskOfThread(async (work: Work, tell: Tell): Promise<ReturnType<typeof move> | Failure> => {
  try {
    return move(await answerBytes(work, tell));
  } catch (error) {
    if (!(error instanceof UnanswerableError || error instanceof DomainError || error instanceof MoneyError)) {
      throw error;
    }
    return { code: error.code, message: error.message };
  }
});

async function answerBytes({ body, limits, source }: Work, tell: Tell): Promise<Uint8Array> {
  const { prepared } = questionOfBody(body, limits);
  const pieces: Uint8Array[] = [];
  const encoder = new TextEncoder();
  let bytes = 0;
  const answer = answerQuestion(prepared, {
    readEvents: (seed) => readEvents(withSeed(source, seed), { maxEvents: limits.events, tell }),
    books: source.kind === 'recorded' ? await readBooks(source) : {},
    onProgress: tell,
  });
  for await (const text of answer) {
    const piece = encoder.encode(text);
    bytes += piece.length;
    if (bytes > limits.answerBytes) {
      const message = `The answer is longer than ${limits.answerBytes} bytes; ask about less`;
      throw new UnanswerableError('answer-too-large', message);
    }
    pieces.push(piece);
  }
  return joined(pieces, bytes);
}

/** Another run of a scenario; other events are fixed. */
function withSeed(source: EventSource, seed: number | undefined): EventSource {
  return source.kind === 'scenario' && seed !== undefined
    ? { ...source, scenario: { ...source.scenario, seed } }
    : source;
}

function joined(pieces: readonly Uint8Array[], bytes: number): Uint8Array {
  const all = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
