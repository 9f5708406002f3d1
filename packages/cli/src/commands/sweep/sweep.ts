import { policyHash } from '@rewardbook/domain/policy/policy';
import { type EstimatedPoint, estimatePoints, type MeasuredPoint, sweep } from '@rewardbook/simulate/whatif/sweep';
import { printJson } from '../../files/output.ts';
import { readPolicy } from '../../files/policy-file.ts';
import type { LabOptions } from '../../simulation/lab-inputs.ts';
import { asInputErrors, labInputs, policyOfPack, takeTurn } from '../../simulation/lab-inputs.ts';
import { inputError } from '../../terminal/failure.ts';
import { type Io, write } from '../../terminal/io.ts';
import { type Progress, startProgress } from '../../terminal/progress.ts';
import type { GridAxis } from './grid.ts';
import { gridOf } from './grid.ts';
import { describeEstimates, describePoints, estimatesCsv, pointsCsv } from './sweep-text.ts';

export interface SweepOptions extends LabOptions {
  readonly policy?: string;
  readonly set: readonly GridAxis[];
  readonly seeds?: number;
  readonly format?: 'table' | 'csv' | 'json';
  readonly json: boolean;
}

/** Measures a policy over a grid, on one set of events or on those of several seeds, and prints the points. */
export async function sweepPolicies(options: SweepOptions, io: Io): Promise<void> {
  const policy = options.policy === undefined ? await policyOfPack(options) : await readPolicy(options.policy, io);
  const base = { policy, policyHash: policyHash(policy) };
  const points = gridOf(policy, options.set);
  if (options.seeds !== undefined && options.scenario === undefined) {
    throw inputError('--seeds needs --scenario: events of a file have no seed');
  }
  const inputs = await labInputs(options, policy, io);
  const first = inputs.seed ?? 0;
  const seeds = options.seeds === undefined ? [undefined] : Array.from({ length: options.seeds }, (_, i) => first + i);
  const progress = startProgress(io.stderr, 'sweep', seeds.length * points.length);
  const runs: MeasuredPoint[][] = [];
  try {
    await asInputErrors(async () => {
      for (const seed of seeds) {
        const events = await inputs.events(seed);
        runs.push(await measure(sweep(base, points, inputs, events), runs.length * points.length, progress, io));
      }
    });
  } finally {
    progress.stop();
  }
  const parameters = options.set;
  const head = { program: policy.program, policyHash: base.policyHash, parameters };
  const format = options.json ? 'json' : (options.format ?? 'table');
  if (options.seeds === undefined) {
    await print(head, runs[0] ?? [], format, io);
  } else {
    await printEstimates({ ...head, seeds: [first, first + options.seeds - 1] }, estimatePoints(runs), format, io);
  }
}

async function measure(
  points: Iterable<MeasuredPoint>,
  done: number,
  progress: Progress,
  io: Io,
): Promise<MeasuredPoint[]> {
  const measured: MeasuredPoint[] = [];
  for (const point of points) {
    measured.push(point);
    progress.update(done + measured.length, `${done + measured.length} points`);
    await takeTurn(io);
  }
  return measured;
}

interface Head {
  readonly program: string;
  readonly policyHash: string;
  readonly parameters: SweepOptions['set'];
}

async function print(head: Head, points: readonly MeasuredPoint[], format: string, io: Io): Promise<void> {
  if (format === 'json') {
    await printJson(io, { ...head, points });
  } else {
    await write(io.stdout, format === 'csv' ? pointsCsv(points) : describePoints(points));
  }
}

async function printEstimates(
  head: Head & { readonly seeds: readonly number[] },
  points: readonly EstimatedPoint[],
  format: string,
  io: Io,
): Promise<void> {
  const interval = 't95'; // of the mean, two-sided
  if (format === 'json') {
    await printJson(io, { ...head, interval, points });
  } else {
    await write(io.stdout, format === 'csv' ? estimatesCsv(points) : describeEstimates(points));
  }
}
