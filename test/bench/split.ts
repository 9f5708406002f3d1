import { splitByLargestRemainder } from '@rewardbook/money/split/largest-remainder';
import { randomFrom } from '@rewardbook/simulate/generator/random';
import { median } from './median.ts';
import type { BenchRow } from './row.ts';

const CREATORS = 1_000_000;
const RUNS = 7;
const SEED = 20_260_901;
// A trillion rupiah in minor units, and an amount of 30 digits.
const POOLS = [
  ['10^14 units', 100_000_000_000_007n],
  ['30 digits', 123_456_789_012_345_678_901_234_567_890n],
] as const;

/**
 * Split of a pool over a million creators, compared with the bare bigint loop that only computes each floor and its
 * remainder, with the sum of the weights given for free. Runs of both take turns, so that a busy machine slows both.
 */
export async function benchSplit(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const [shape, weights] of weightShapes()) {
    for (const [size, pool] of POOLS) {
      const sum = weights.reduce((total, weight) => total + weight, 0n);
      const ours: number[] = [];
      const floor: number[] = [];
      for (let run = 0; run < RUNS; run++) {
        floor.push(timed(() => divideOnly(pool, weights, sum)));
        ours.push(timed(() => splitByLargestRemainder(pool, weights)));
      }
      rows.push({
        name: `split, ${shape}, pool of ${size}`,
        ours: median(ours),
        floor: median(floor),
        ratio: median(ours) / median(floor),
        unit: 'ms',
      });
    }
  }
  return rows;
}

function divideOnly(pool: bigint, weights: readonly bigint[], sum: bigint): bigint[][] {
  const parts = new Array<bigint>(weights.length);
  const remainders = new Array<bigint>(weights.length);
  for (let i = 0; i < weights.length; i++) {
    const product = pool * (weights[i] ?? 0n);
    const part = product / sum;
    parts[i] = part;
    remainders[i] = product - part * sum;
  }
  return [parts, remainders];
}

function weightShapes(): [string, bigint[]][] {
  const next = randomFrom(SEED, 0);
  const fill = (weight: () => bigint) => Array.from({ length: CREATORS }, weight);
  return [
    ['small heavy-tailed integers', fill(() => BigInt(Math.floor(1_000_000 / (1 + (next() % 1_000_000)))))],
    ['random 53-bit', fill(() => (BigInt(next()) << 21n) | BigInt(next() >>> 11))],
    ['random 80-bit', fill(() => (BigInt(next()) << 48n) | (BigInt(next()) << 16n) | BigInt(next() >>> 16))],
    ['all equal', fill(() => 1_234_567n)],
  ];
}

function timed(work: () => unknown): number {
  const start = performance.now();
  work();
  return performance.now() - start;
}
