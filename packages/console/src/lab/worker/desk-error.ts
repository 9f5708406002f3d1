import { TableError } from '@rewardbook/contracts/files/event-tables/table-error';
import type { Issue } from '@rewardbook/contracts/values/issue';
import { DomainError } from '@rewardbook/domain/values/error';
import { UnanswerableError } from '@rewardbook/lab/answer/unanswerable-error';
import { QuestionError } from '@rewardbook/lab/question/question-error';
import { RecordingError } from '@rewardbook/lab/recording/read-recording';
import { MoneyError } from '@rewardbook/money/error';
import { ScenarioError } from '@rewardbook/simulate/generator/scenario-fields';
import type { DeskFault } from './messages.ts';
import { Cancelled } from './turns.ts';

/** Something cannot be done with what was given. */
export class DeskError extends Error {
  override readonly name = 'DeskError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** An error as a value: what crosses over to the page. */
export function faultOf(error: unknown): DeskFault {
  if (error instanceof QuestionError) {
    const issues: readonly Issue[] | undefined = error.setting?.issues ?? error.issues;
    return { code: error.code, message: error.message, issues };
  }
  if (
    error instanceof DeskError ||
    error instanceof UnanswerableError ||
    error instanceof DomainError ||
    error instanceof MoneyError
  ) {
    return { code: error.code, message: error.message };
  }
  if (error instanceof TableError) {
    return { code: error.isAboutColumns ? 'columns' : 'bad-table', message: error.message };
  }
  if (error instanceof Cancelled) {
    return { code: 'cancelled', message: 'It was cancelled' };
  }
  if (error instanceof RecordingError) {
    return { code: 'recording', message: error.message };
  }
  if (error instanceof ScenarioError || (error instanceof Error && error.name.startsWith('YAML'))) {
    return { code: 'bad-scenario', message: error.message };
  }
  if (error instanceof TypeError) {
    return { code: 'lost', message: `The events could not be read: ${error.message}` };
  }
  return { code: 'defect', message: error instanceof Error ? error.message : String(error) };
}
