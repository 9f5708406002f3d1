import type { SweepQuestion } from '../question/question.ts';
import { QuestionError } from '../question/question-error.ts';

/**
 * The seeds that a sweep is run on, from the scenario's own upwards; undefined: it is run on the events as given.
 *
 * @throws QuestionError `invalid-request` where the events are fixed, `too-large`
 */
export function seedsOf(
  { seeds, scenarioSeed }: Pick<SweepQuestion, 'seeds' | 'scenarioSeed'>,
  maxSeeds: number,
): number[] | undefined {
  if (seeds === undefined) {
    return undefined;
  }
  if (scenarioSeed === undefined) {
    throw new QuestionError('invalid-request', 'seeds: only a scenario has other seeds; these events are fixed');
  }
  if (seeds > maxSeeds) {
    throw new QuestionError('too-large', `seeds: at most ${maxSeeds} are run`);
  }
  return Array.from({ length: seeds }, (_, index) => scenarioSeed + index);
}
