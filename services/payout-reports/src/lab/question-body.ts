import { readUnpoisonedJson } from '@rewardbook/contracts/values/json-text';
import { type PreparedQuestion, prepareQuestion } from '@rewardbook/lab/prepare/prepare';
import { QuestionError } from '@rewardbook/lab/question/question-error';
import { type ReadQuestion, readQuestion } from '@rewardbook/lab/question/read-question';
import { AppError } from '@rewardbook/runtime/http/errors';
import { hasMoreValues } from '@rewardbook/runtime/http/validation';
import type { LabLimits } from './limits.ts';

/** A question of 200,000 creators has fewer. */
const MAX_VALUES = 3_000_000;

export interface QuestionOfBody extends ReadQuestion {
  readonly prepared: PreparedQuestion;
}

/** The question in a body, checked and prepared. For threads: a large one takes a while. @throws AppError that says what is wrong */
export function questionOfBody(body: Uint8Array, limits: LabLimits): QuestionOfBody {
  const value = parseBody(body);
  if (hasMoreValues(value, MAX_VALUES)) {
    throw new AppError('too-large', `The question has more than ${MAX_VALUES} values; ask about less`);
  }
  try {
    const read = readQuestion(value, limits);
    return { ...read, prepared: prepareQuestion(read.question, limits) };
  } catch (error) {
    throw error instanceof QuestionError ? asRefusal(error) : error;
  }
}

function parseBody(body: Uint8Array): unknown {
  if (body.length === 0) {
    throw new AppError('bad-json', 'The body is empty; send a question as JSON');
  }
  const read = readUnpoisonedJson(Buffer.from(body.buffer, body.byteOffset, body.byteLength), 'the body');
  if (!read.ok) {
    throw new AppError(read.code, read.message);
  }
  return read.value;
}

function asRefusal(error: QuestionError): AppError {
  const { code, message, issues, cause } = error;
  const errors = issues?.map((issue) => ({
    path: issue.path === '' ? 'body' : `body.${issue.path}`,
    message: issue.message,
  }));
  return new AppError(code, message, errors === undefined ? { cause } : { errors, cause });
}
