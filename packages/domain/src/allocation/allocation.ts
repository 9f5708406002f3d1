import { parseScaled, scaleOf } from '@rewardbook/money/decimal';
import { splitByLargestRemainder } from '@rewardbook/money/split/largest-remainder';
import type { AllocationMethodName, AllocationPolicy } from '../policy/policy.ts';
import { DomainError } from '../values/error.ts';
import { integerRoot } from '../values/integer-root.ts';
import type { ViewerSplit } from './viewer-units.ts';
import { UNITS } from './viewer-units.ts';

/** What weights are made of: lists over the creators who use points, by creatorId in byte order. */
export interface WeightInput {
  /** Points used, above zero, × 10^scale. */
  readonly points: readonly bigint[];
  readonly scale: number;
  /** Units that viewers gave each creator; empty where the method does not go by viewers. */
  readonly units: readonly bigint[];
  readonly allocation: AllocationPolicy;
}

interface AllocationMethod {
  /** Whether the weights follow from the points used, so that boosts have something to multiply. */
  readonly usesPoints: boolean;
  readonly viewerSplit?: ViewerSplit;
  readonly weights: (input: WeightInput) => bigint[];
}

/** The methods there are. A further one goes here. */
const METHODS: Readonly<Record<AllocationMethodName, AllocationMethod>> = {
  'pro-rata': { usesPoints: true, weights: ({ points, scale }) => proRata(points, scale) },
  'user-centric': { usesPoints: false, viewerSplit: 'by-points', weights: ({ units }) => units.slice() },
  'engaged-equal': { usesPoints: false, viewerSplit: 'equally', weights: ({ units }) => units.slice() },
  equal: { usesPoints: false, weights: ({ points }) => points.map(() => 1n) },
  'square-root': { usesPoints: true, weights: ({ points, scale }) => squareRoot(points, scale) },
  blend: { usesPoints: true, viewerSplit: 'by-points', weights: blend },
};

/** The whole numbers by which the pool is split, in the order of the points. Throws DomainError `bad-policy` for a blend without lambda. */
export function allocationWeights(input: WeightInput): bigint[] {
  return METHODS[input.allocation.method].weights(input);
}

/** How a method splits viewers' units; undefined if it does not split by viewer. */
export function viewerSplitOf(method: AllocationMethodName): ViewerSplit | undefined {
  return METHODS[method].viewerSplit;
}

/** Whether a method's weights follow from the points used. */
export function usesPoints(method: AllocationMethodName): boolean {
  return METHODS[method].usesPoints;
}

/** Points, scaled to integers by the smallest power of ten that makes all whole. */
export function proRata(points: readonly bigint[], scale: number): bigint[] {
  let divisor = 1n;
  for (let digits = 0; digits < scale; digits += 1) {
    const next = divisor * 10n;
    if (points.some((value) => value % next !== 0n)) {
      break;
    }
    divisor = next;
  }
  return divisor === 1n ? points.slice() : points.map((value) => value / divisor);
}

const ROOT_SCALE = 24;

/** `isqrt(floor(points × 10^24))`: roots with twelve decimals. */
export function squareRoot(points: readonly bigint[], scale: number): bigint[] {
  const up = 10n ** BigInt(Math.max(ROOT_SCALE - scale, 0));
  const down = 10n ** BigInt(Math.max(scale - ROOT_SCALE, 0));
  return points.map((value) => integerRoot((value * up) / down));
}

/** `λ × first + (1 − λ) × second`, of 10^18 split by the pro-rata weights and by the user-centric ones, × 10^(decimals of λ). */
function blend({ points, scale, units, allocation: { lambda } }: WeightInput): bigint[] {
  if (lambda === undefined) {
    throw new DomainError('bad-policy', 'allocation.lambda is missing: blend needs it');
  }
  const decimals = scaleOf(lambda);
  const first = parseScaled(lambda, decimals);
  const second = 10n ** BigInt(decimals) - first;
  const byPoints = splitByLargestRemainder(UNITS, proRata(points, scale));
  const byViewers = splitByLargestRemainder(UNITS, units);
  return byPoints.map((part, index) => first * part + second * (byViewers[index] ?? 0n));
}
