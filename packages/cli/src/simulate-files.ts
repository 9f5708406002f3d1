import { DomainError } from '@rewardbook/domain/error';
import { policyHash } from '@rewardbook/domain/policy';
import { createSimulation, type Simulation } from '@rewardbook/simulate/simulate';
import type { SimulateOptions } from './commands/simulate.ts';
import { readEvents } from './events-file.ts';
import { wrongInput } from './failure.ts';
import { type Io, write } from './io.ts';
import { describeResult } from './period-result.ts';
import { readPolicy } from './policy-file.ts';
import { readCreators, revenueOf } from './simulation-inputs.ts';

/** Simulates a program from files and prints its periods. */
export async function simulateFiles(options: SimulateOptions, io: Io): Promise<void> {
  const policy = await readPolicy(options.policy, io);
  const hash = policyHash(policy);
  const creators = options.creators === undefined ? [] : await readCreators(options.creators, io);
  const revenue = revenueOf(options.revenue, policy);
  try {
    const policies = [{ policy, policyHash: hash, validFrom: null }];
    const simulation = createSimulation({ policies, creators, revenue });
    await readEvents((event) => simulation.add(event), options.events, io);
    await print(simulation, { program: policy.program, policyHash: hash }, options.json, io);
  } catch (error) {
    throw error instanceof DomainError ? wrongInput(error.message, error) : error;
  }
}

/** Period by period: the results of a long program are never in memory together. */
async function print(
  simulation: Simulation,
  { program, policyHash }: { readonly program: string; readonly policyHash: string },
  json: boolean,
  io: Io,
): Promise<void> {
  if (json) await write(io.stdout, `{"program":${JSON.stringify(program)},"policyHash":"${policyHash}","periods":[`);
  let separator = '';
  for (const period of simulation.closes()) {
    if (json) await write(io.stdout, `${separator}${JSON.stringify(period)}`);
    else await write(io.stdout, `${separator}${describeResult(period)}`);
    separator = json ? ',' : '\n';
  }
  if (json) await write(io.stdout, ']}\n');
}
