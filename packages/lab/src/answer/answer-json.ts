import type { PeriodResult } from '@rewardbook/domain/close/result';
import type { SimulationResult } from '@rewardbook/simulate/closes/simulation';

const ROWS_PER_PIECE = 5_000;

/**
 * An answer as JSON in its canonical form: one object on one line that ends in a line feed, its keys in the order in which they are
 * declared. The command line and the API both give these bytes. In pieces: the creators of a large program are never one text.
 */
export function* answerJson(answer: object): Generator<string, void, undefined> {
  let separator = '{';
  for (const [key, value] of Object.entries(answer)) {
    yield `${separator}${JSON.stringify(key)}:`;
    if (Array.isArray(value)) {
      yield* arrayJson(value);
    } else {
      yield JSON.stringify(value);
    }
    separator = ',';
  }
  yield '}\n';
}

/** The canonical form of a simulation, period by period: the results of a long program are never in memory together. */
export async function* simulationJson(
  { program, policyHash }: Pick<SimulationResult, 'program' | 'policyHash'>,
  periods: AsyncIterable<PeriodResult> | Iterable<PeriodResult>,
): AsyncGenerator<string, void, undefined> {
  // The head comes with the first period: where the events have no answer, nothing is printed.
  let separator = `${JSON.stringify({ program, policyHash }).slice(0, -1)},"periods":[`;
  let end = `${separator}]}\n`;
  for await (const period of periods) {
    yield `${separator}${JSON.stringify(period)}`;
    separator = ',';
    end = ']}\n';
  }
  yield end;
}

function* arrayJson(values: readonly unknown[]): Generator<string, void, undefined> {
  yield '[';
  for (let start = 0; start < values.length; start += ROWS_PER_PIECE) {
    const piece = JSON.stringify(values.slice(start, start + ROWS_PER_PIECE)).slice(1, -1);
    yield start === 0 ? piece : `,${piece}`;
  }
  yield ']';
}
