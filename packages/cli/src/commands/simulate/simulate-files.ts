import type { PeriodResult } from '@rewardbook/domain/close/result';
import { policyHash } from '@rewardbook/domain/policy/policy';
import { DomainError } from '@rewardbook/domain/values/error';
import type { RevenueArgument } from '../../arguments/options.ts';
import { readPolicy } from '../../files/policy-file.ts';
import { readCreators, revenueOf } from '../../files/simulation-inputs.ts';
import { simulateEvents } from '../../simulation/simulate-events.ts';
import { inputError } from '../../terminal/failure.ts';
import { type Io, write } from '../../terminal/io.ts';
import { describeResult } from '../../terminal/period-result.ts';

export interface SimulateOptions {
  readonly policy: string;
  readonly events: string;
  readonly revenue: readonly RevenueArgument[];
  readonly creators?: string;
  readonly json: boolean;
}

/** Simulates a program from files and prints its periods. */
export async function simulateFiles(options: SimulateOptions, io: Io): Promise<void> {
  const policy = await readPolicy(options.policy, io);
  const hash = policyHash(policy);
  const creators = options.creators === undefined ? [] : await readCreators(options.creators, io);
  const revenue = revenueOf(options.revenue, policy);
  try {
    const policies = [{ policy, policyHash: hash, validFrom: null }];
    const periods = simulateEvents({ policies, creators, revenue }, options.events, io);
    await print(periods, { program: policy.program, policyHash: hash }, options.json, io);
  } catch (error) {
    throw error instanceof DomainError ? inputError(error.message, error) : error;
  }
}

/** Period by period: the results of a long program are never in memory together. */
async function print(
  periods: AsyncIterable<PeriodResult>,
  { program, policyHash }: { readonly program: string; readonly policyHash: string },
  json: boolean,
  io: Io,
): Promise<void> {
  // Nothing is printed before all events are read.
  let separator = json ? `{"program":${JSON.stringify(program)},"policyHash":"${policyHash}","periods":[` : '';
  for await (const period of periods) {
    if (json) {
      await write(io.stdout, `${separator}${JSON.stringify(period)}`);
    } else {
      await write(io.stdout, `${separator}${describeResult(period)}`);
    }
    separator = json ? ',' : '\n';
  }
  if (json) {
    await write(io.stdout, ']}\n');
  }
}
