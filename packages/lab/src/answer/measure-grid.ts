import { type EstimatedPoint, estimatePoints, type MeasuredPoint, sweep } from '@rewardbook/simulate/whatif/sweep';
import type { PreparedSweep } from '../prepare/prepare.ts';
import type { GridAxis } from '../question/question.ts';
import type { AnswerInputs } from './answer-inputs.ts';

interface GridHead {
  readonly program: string;
  readonly policyHash: string;
  readonly parameters: readonly GridAxis[];
}

/** A grid measured on the events as given. */
export interface MeasuredGrid extends GridHead {
  readonly points: readonly MeasuredPoint[];
}

/** A grid estimated over runs of a scenario. */
export interface EstimatedGrid extends GridHead {
  /** The first and the last. */
  readonly seeds: readonly [number, number];
  /** Of the mean: Student's t, two-sided, 95%. */
  readonly interval: 't95';
  readonly points: readonly EstimatedPoint[];
}

/** Throws DomainError as `sweep`. */
export async function measureGrid(
  prepared: PreparedSweep,
  { readEvents, books, onProgress }: AnswerInputs,
): Promise<MeasuredGrid | EstimatedGrid> {
  const { base, axes, points, seeds, creators, revenue } = prepared;
  const runs: MeasuredPoint[][] = [];
  const total = points.length * (seeds?.length ?? 1);
  for (const seed of seeds ?? [undefined]) {
    const run: MeasuredPoint[] = [];
    for (const point of sweep(base, points, { creators, revenue, ...books }, await readEvents(seed))) {
      run.push(point);
      await onProgress({ phase: 'points', done: runs.length * points.length + run.length, total });
    }
    runs.push(run);
  }
  const head = { program: base.policy.program, policyHash: base.policyHash, parameters: axes };
  const [measured = []] = runs;
  const [first, last] = [seeds?.[0], seeds?.at(-1)];
  return first === undefined || last === undefined
    ? { ...head, points: measured }
    : { ...head, seeds: [first, last], interval: 't95', points: estimatePoints(runs) };
}
