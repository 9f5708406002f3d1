import { MAX_QUESTION } from '@rewardbook/contracts/api/lab-limits';
import { gridCsv } from '@rewardbook/lab/answer/answer-csv';
import { answerJson } from '@rewardbook/lab/answer/answer-json';
import { type EstimatedGrid, type MeasuredGrid, measureGrid } from '@rewardbook/lab/answer/measure-grid';
import { prepareSweep } from '@rewardbook/lab/prepare/prepare';
import { printPieces } from '../../files/output.ts';
import { readPolicy } from '../../files/policy-file.ts';
import { asInputErrors, labInputs, policyOfPack, showSteps } from '../../simulation/lab-inputs.ts';
import { inputError } from '../../terminal/failure.ts';
import { type Io, write } from '../../terminal/io.ts';
import { startProgress } from '../../terminal/progress.ts';
import type { SweepOptions } from './command.ts';
import { describeEstimates, describePoints } from './sweep-text.ts';

/** Measures a policy over a grid, on one set of events or on those of several seeds, and prints the points. */
export async function sweepPolicies(options: SweepOptions, io: Io): Promise<void> {
  const policy = options.policy === undefined ? await policyOfPack(options) : await readPolicy(options.policy, io);
  const { set: axes, seeds } = options;
  if (seeds !== undefined && options.scenario === undefined) {
    throw inputError('--seeds needs --scenario: events of a file have no seed');
  }
  await asInputErrors(async () => {
    const { readEvents, ...inputs } = await labInputs(options, policy, io);
    const prepared = prepareSweep({ question: 'sweep', policy, axes, seeds, ...inputs }, MAX_QUESTION);
    const progress = startProgress(io.stderr, 'sweep', (seeds ?? 1) * prepared.points.length);
    try {
      const grid = await measureGrid(prepared, { readEvents, onProgress: showSteps(progress, io) });
      await print(grid, options.json ? 'json' : (options.format ?? 'table'), io);
    } finally {
      progress.stop();
    }
  });
}

async function print(grid: MeasuredGrid | EstimatedGrid, format: 'table' | 'csv' | 'json', io: Io): Promise<void> {
  if (format === 'json') {
    await printPieces(io, answerJson(grid));
  } else if (format === 'csv') {
    await write(io.stdout, gridCsv(grid));
  } else {
    await write(io.stdout, 'seeds' in grid ? describeEstimates(grid.points) : describePoints(grid.points));
  }
}
