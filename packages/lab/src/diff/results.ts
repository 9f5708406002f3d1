import { type PeriodResultOut, periodResultSchema, simulationSchema } from '@rewardbook/contracts/api/result';
import { comparePeriods } from '@rewardbook/domain/values/period';
import { compareUtf8 } from '@rewardbook/domain/values/utf8-order';
import { z } from 'zod';

/** Results of one program: of `simulate --json`, or of one close, which does not say its program. */
export interface Results {
  readonly program: string | undefined;
  readonly periods: readonly PeriodResultOut[];
}

type Value = string | number | null;

/** One place where two results differ; null where one has nothing. */
export interface ResultDifference {
  readonly period: string | null;
  readonly creatorId: string | null;
  /** As it is called in the result, as `amount` or `metrics.gini`. */
  readonly field: string;
  readonly a: Value;
  readonly b: Value;
}

export const resultsSchema = z.union([
  simulationSchema.transform(({ program, periods }): Results => ({ program, periods })),
  periodResultSchema.transform((period): Results => ({ program: undefined, periods: [period] })),
]);

const CREATOR_FIELDS = ['netLikes', 'netFollows', 'carriedIn', 'carriedOut', 'points', 'weight', 'amount'] as const;
const METRICS = ['creators', 'gini', 'top1Share', 'top10Share', 'palma', 'hhi', 'theilT'] as const;

/** All differences: periods in order, in each what goes in, then creators by the bytes of their ids, then what comes out. */
export function* resultDifferences(a: Results, b: Results): Generator<ResultDifference> {
  if (a.program !== undefined && b.program !== undefined && a.program !== b.program) {
    yield { period: null, creatorId: null, field: 'program', a: a.program, b: b.program };
  }
  const inA = new Map(a.periods.map((result) => [result.period, result]));
  const inB = new Map(b.periods.map((result) => [result.period, result]));
  // One close says nothing about other periods.
  const only = a.program === undefined ? inA : b.program === undefined ? inB : undefined;
  const labels = [...new Set([...inA.keys(), ...inB.keys()])].filter((label) => only === undefined || only.has(label));
  for (const period of labels.sort(byPeriod)) {
    const [resultA, resultB] = [inA.get(period), inB.get(period)];
    if (resultA !== undefined && resultB !== undefined) {
      yield* periodDifferences(resultA, resultB);
    } else {
      yield { period, creatorId: null, field: 'period', a: resultA?.period ?? null, b: resultB?.period ?? null };
    }
  }
}

/** Labels of different kinds have no order in time. */
function byPeriod(a: string, b: string): number {
  return a.length === b.length ? comparePeriods(a, b) : compareUtf8(a, b);
}

function* periodDifferences(a: PeriodResultOut, b: PeriodResultOut): Generator<ResultDifference> {
  const { period } = a;
  const differs = (field: string, one: Value, other: Value, creatorId: string | null = null): ResultDifference[] =>
    one === other ? [] : [{ period, creatorId, field, a: one, b: other }];
  for (const field of ['policyHash', 'revenue', 'pool'] as const) {
    yield* differs(field, a[field], b[field]);
  }
  const inA = new Map(a.creators.map((creator) => [creator.creatorId, creator]));
  const inB = new Map(b.creators.map((creator) => [creator.creatorId, creator]));
  for (const creatorId of [...new Set([...inA.keys(), ...inB.keys()])].sort(compareUtf8)) {
    const [one, other] = [inA.get(creatorId), inB.get(creatorId)];
    if (one === undefined || other === undefined) {
      yield* differs('creatorId', one?.creatorId ?? null, other?.creatorId ?? null, creatorId);
    } else {
      for (const field of CREATOR_FIELDS) {
        yield* differs(field, one[field], other[field], creatorId);
      }
    }
  }
  for (const field of ['allocated', 'undistributed'] as const) {
    yield* differs(field, a[field], b[field]);
  }
  const rules = new Set([...a.excluded, ...b.excluded].map(({ rule }) => rule));
  for (const rule of rules) {
    const [one, other] = [a, b].map(({ excluded }) => excluded.find((counted) => counted.rule === rule));
    yield* differs(`excluded.${rule}.events`, one?.events ?? 0, other?.events ?? 0);
    yield* differs(`excluded.${rule}.points`, one?.points ?? '0', other?.points ?? '0');
  }
  for (const name of METRICS) {
    yield* differs(`metrics.${name}`, a.metrics[name], b.metrics[name]);
  }
  const groups = ({ lockstep }: PeriodResultOut): string | null =>
    lockstep === undefined ? null : JSON.stringify(lockstep);
  yield* differs('lockstep', groups(a), groups(b));
  yield* differs('resultHash', a.resultHash, b.resultHash);
}
