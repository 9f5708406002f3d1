import { MAX_QUESTION } from '@rewardbook/contracts/api/lab-limits';
import type { PeriodResult } from '@rewardbook/domain/close/result';
import { simulationJson } from '@rewardbook/lab/answer/answer-json';
import { prepareSimulation } from '@rewardbook/lab/prepare/prepare';
import { readCreators } from '../../files/creators-file.ts';
import { printPieces } from '../../files/output.ts';
import { readPolicy } from '../../files/policy-file.ts';
import { asInputErrors, eventsOptionsOf } from '../../simulation/lab-inputs.ts';
import { simulateEvents } from '../../simulation/simulate-events.ts';
import type { Io } from '../../terminal/io.ts';
import { describeResult } from '../../terminal/period-result.ts';
import type { SimulateOptions } from './command.ts';

/** Simulates a program from files and prints its periods. */
export async function simulateFiles(options: SimulateOptions, io: Io): Promise<void> {
  const policy = await readPolicy(options.policy, io);
  const creators = options.creators === undefined ? [] : await readCreators(options.creators, io);
  await asInputErrors(async () => {
    const asked = { question: 'simulate', policy, creators, revenue: options.revenue } as const;
    const prepared = prepareSimulation(asked, MAX_QUESTION);
    const [{ policyHash }] = prepared.policies;
    const periods = simulateEvents(prepared, options.events, io, undefined, eventsOptionsOf(options));
    const pieces = options.json
      ? simulationJson({ program: policy.program, policyHash }, periods)
      : describePeriods(periods);
    await printPieces(io, pieces);
  });
}

/** Period by period: the results of a long program are never in memory together. */
async function* describePeriods(periods: AsyncIterable<PeriodResult>): AsyncGenerator<string> {
  let separator = '';
  for await (const period of periods) {
    yield `${separator}${describeResult(period)}`;
    separator = '\n';
  }
}
