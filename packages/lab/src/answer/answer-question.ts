import type { PeriodResult } from '@rewardbook/domain/close/result';
import { closesOf, planSimulation } from '@rewardbook/simulate/closes/plan-simulation';
import { accepted } from '@rewardbook/simulate/events/accepted-events';
import type { PreparedQuestion, PreparedSimulation } from '../prepare/prepare.ts';
import type { AnswerInputs } from './answer-inputs.ts';
import { answerJson, simulationJson } from './answer-json.ts';
import { comparePolicies } from './compare-policies.ts';
import { measureGrid } from './measure-grid.ts';
import { screenCreators } from './screen-creators.ts';
import { searchManipulations } from './search-manipulations.ts';
import { tryAttack } from './try-attack.ts';

/**
 * The answer to any question as JSON, in pieces: the bytes that the command of the question's name prints with `--json`.
 *
 * @throws UnanswerableError; DomainError and MoneyError where the events have no result
 */
export async function* answerQuestion(
  prepared: PreparedQuestion,
  inputs: AnswerInputs,
): AsyncGenerator<string, void, undefined> {
  switch (prepared.question) {
    case 'simulate':
      yield* simulate(prepared, inputs);
      return;
    case 'compare':
      yield* answerJson(await comparePolicies(prepared, inputs));
      return;
    case 'sweep':
      yield* answerJson(await measureGrid(prepared, inputs));
      return;
    case 'attack':
      yield* answerJson(await tryAttack(prepared, inputs));
      return;
    case 'search':
      yield* answerJson(await searchManipulations(prepared, inputs.onProgress));
      return;
    case 'screen':
      yield* answerJson((await screenCreators(prepared, inputs)).listed);
  }
}

async function* simulate(
  { policies, creators, revenue }: PreparedSimulation,
  { readEvents, books, onProgress }: AnswerInputs,
): AsyncGenerator<string, void, undefined> {
  const plan = planSimulation({ policies, creators, revenue, ...books });
  const events = accepted(await readEvents());
  const periods = async function* (): AsyncGenerator<PeriodResult, void, undefined> {
    let done = 0;
    for (const result of closesOf(plan, events)) {
      yield result;
      done += 1;
      await onProgress({ phase: 'periods', done, total: null });
    }
  };
  yield* simulationJson(plan.head, periods());
}
