import type { Metrics } from '@rewardbook/domain/close/result';
import type { EngagementEvent } from '@rewardbook/domain/events/event';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { formatAmount } from '@rewardbook/money/amount';
import { countChanges, moneyMovedBetween } from './compare.ts';
import { type Estimate, estimate } from './estimate.ts';
import { assertComparable, type Outcome, type OutcomeInputs } from './outcome.ts';
import { trials } from './trials.ts';

/** One point of a grid: the settings that make it, and the policy with them. */
export interface GridPoint {
  /** Value as text by key, as `{"weights.follow": "3"}`. */
  readonly settings: Readonly<Record<string, string>>;
  readonly policy: Policy;
  readonly policyHash: string;
}

/** What a policy gives on one set of events, over all periods, and how it differs from the base. Money in major units. */
export interface Measured {
  readonly funded: string;
  readonly allocated: string;
  readonly undistributed: string;
  /** Of creators against the base policy, with the definitions of a comparison. */
  readonly winners: number;
  readonly losers: number;
  readonly unchanged: number;
  readonly moneyMoved: string;
  readonly metrics: Metrics;
}

export interface MeasuredPoint extends Measured {
  readonly settings: GridPoint['settings'];
  readonly policyHash: string;
}

/** Figures of a point that are estimated over seeds. Money as fractions of what was funded. */
export const ESTIMATED = [
  'creators',
  'gini',
  'top1Share',
  'top10Share',
  'palma',
  'hhi',
  'theilT',
  'allocated',
  'moneyMoved',
  'winners',
  'losers',
] as const;

export type EstimatedFigure = (typeof ESTIMATED)[number];

export interface EstimatedPoint {
  readonly settings: GridPoint['settings'];
  readonly policyHash: string;
  /** A figure that no run had (no money was shared) is null. */
  readonly estimates: Readonly<Record<EstimatedFigure, Estimate | null>>;
}

/** Measures every point on the same events, one after the other. Throws DomainError as `trials` and `assertComparable`. */
export function* sweep(
  base: Pick<GridPoint, 'policy' | 'policyHash'>,
  points: Iterable<GridPoint>,
  inputs: OutcomeInputs,
  given: Iterable<EngagementEvent>,
): Generator<MeasuredPoint, void, undefined> {
  const outcomeUnder = trials(inputs, given);
  const before = outcomeUnder(base);
  for (const point of points) {
    assertComparable(base.policy, point.policy);
    const { settings, policyHash } = point;
    const isBase = policyHash === base.policyHash;
    yield { settings, policyHash, ...measured(before, isBase ? before : outcomeUnder(point)) };
  }
}

/** Estimates each point from its measures in runs on other events, as of other seeds. */
export function estimatePoints(runs: readonly (readonly MeasuredPoint[])[]): EstimatedPoint[] {
  const [first = []] = runs;
  return first.map(({ settings, policyHash }, index) => {
    const figuresOf = (figure: EstimatedFigure): Estimate | null => {
      const figures = runs.flatMap((points) => {
        const point = points[index];
        const value = point === undefined ? undefined : figureOf(point, figure);
        return value === undefined ? [] : [value];
      });
      return estimate(figures) ?? null;
    };
    const estimates: Record<EstimatedFigure, Estimate | null> = {
      creators: figuresOf('creators'),
      gini: figuresOf('gini'),
      top1Share: figuresOf('top1Share'),
      top10Share: figuresOf('top10Share'),
      palma: figuresOf('palma'),
      hhi: figuresOf('hhi'),
      theilT: figuresOf('theilT'),
      allocated: figuresOf('allocated'),
      moneyMoved: figuresOf('moneyMoved'),
      winners: figuresOf('winners'),
      losers: figuresOf('losers'),
    };
    return { settings, policyHash, estimates };
  });
}

function measured(before: Outcome, after: Outcome): Measured {
  const { currency } = after;
  return {
    funded: formatAmount(after.funded, currency),
    allocated: formatAmount(after.allocated, currency),
    undistributed: formatAmount(after.undistributed, currency),
    ...countChanges(before, after),
    moneyMoved: formatAmount(moneyMovedBetween(before, after), currency),
    metrics: after.metrics,
  };
}

/** A figure as a statistic. */
function figureOf(point: MeasuredPoint, figure: EstimatedFigure): number | undefined {
  switch (figure) {
    case 'winners':
    case 'losers':
      return point[figure];
    case 'allocated':
    case 'moneyMoved':
      return fractionOf(point[figure], point.funded);
    default: {
      const value = point.metrics[figure];
      return value === null ? undefined : Number(value);
    }
  }
}

/** A quotient of two amounts as a statistic; undefined where nothing was funded. */
function fractionOf(part: string, whole: string): number | undefined {
  const quotient = Number(part) / Number(whole);
  return Number.isFinite(quotient) ? quotient : undefined;
}
