import { csvLines } from '@rewardbook/contracts/files/csv-lines';
import type { AttackResult } from '@rewardbook/simulate/attack/attack';
import type { ScreenedCreator, Screening } from '@rewardbook/simulate/screen/screen';
import type { Comparison } from '@rewardbook/simulate/whatif/compare';
import { ESTIMATED, type EstimatedPoint, type MeasuredPoint } from '@rewardbook/simulate/whatif/sweep';
import type { PreparedQuestion } from '../prepare/prepare.ts';
import type { AnswerInputs } from './answer-inputs.ts';
import { comparePolicies } from './compare-policies.ts';
import { type EstimatedGrid, type MeasuredGrid, measureGrid } from './measure-grid.ts';
import { screenCreators } from './screen-creators.ts';
import { type FoundUnderPolicy, searchManipulations } from './search-manipulations.ts';
import { tryAttack } from './try-attack.ts';
import { UnanswerableError } from './unanswerable-error.ts';

const ROWS_PER_PIECE = 5_000;

/** The answer to a question as CSV, in pieces: what the command of its name prints with `--format csv`. Throws as `answerQuestion`. */
export async function* answerCsv(
  prepared: PreparedQuestion,
  inputs: AnswerInputs,
): AsyncGenerator<string, void, undefined> {
  switch (prepared.question) {
    case 'simulate':
      throw new UnanswerableError('no-csv', 'A simulation has several tables: ask for JSON');
    case 'compare':
      yield* comparisonCsv(await comparePolicies(prepared, inputs));
      return;
    case 'sweep':
      yield gridCsv(await measureGrid(prepared, inputs));
      return;
    case 'attack':
      yield attackCsv((await tryAttack(prepared, inputs)).results);
      return;
    case 'search':
      yield searchCsv((await searchManipulations(prepared, inputs.onProgress)).found);
      return;
    case 'screen':
      yield screeningCsv((await screenCreators(prepared, inputs)).listed);
  }
}

/** Creators of a comparison as CSV, in pieces: the creators of a large program are never one text. */
export function* comparisonCsv({ creators }: Comparison): Generator<string> {
  yield csvLines([['creator_id', 'before', 'after', 'difference', 'rank_before', 'rank_after']]);
  for (let start = 0; start < creators.length; start += ROWS_PER_PIECE) {
    const rows = creators
      .slice(start, start + ROWS_PER_PIECE)
      .map((row) => [row.creatorId, row.before, row.after, row.difference, row.rankBefore, row.rankAfter]);
    yield csvLines(rows);
  }
}

/** Points of a sweep as CSV: of one set of events, or estimated over seeds. */
export function gridCsv(grid: MeasuredGrid | EstimatedGrid): string {
  return 'seeds' in grid ? estimatesCsv(grid.points) : pointsCsv(grid.points);
}

/** A column for each key, then every figure. */
function pointsCsv(points: readonly MeasuredPoint[]): string {
  const keys = keysOf(points);
  const titles = [
    ...['policy_hash', 'funded', 'allocated', 'undistributed', 'winners', 'losers', 'unchanged', 'money_moved'],
    ...['creators', 'gini', 'top1_share', 'top10_share', 'palma', 'hhi', 'theil_t'],
  ];
  const rows = points.map(({ settings, metrics, ...point }) => [
    ...keys.map((key) => settings[key] ?? ''),
    ...[point.policyHash, point.funded, point.allocated, point.undistributed],
    ...[point.winners, point.losers, point.unchanged, point.moneyMoved],
    ...[
      metrics.creators,
      metrics.gini,
      metrics.top1Share,
      metrics.top10Share,
      metrics.palma,
      metrics.hhi,
      metrics.theilT,
    ],
  ]);
  return csvLines([[...keys, ...titles], ...rows]);
}

/** A row for each point and figure. */
function estimatesCsv(points: readonly EstimatedPoint[]): string {
  const keys = keysOf(points);
  const rows = points.flatMap(({ settings, estimates }) =>
    ESTIMATED.map((figure) => {
      const found = estimates[figure];
      return [
        ...keys.map((key) => settings[key] ?? ''),
        figure,
        ...[found?.runs ?? 0, found?.mean ?? null, found?.low ?? null, found?.high ?? null],
        ...[found?.least ?? null, found?.most ?? null],
      ];
    }),
  );
  return csvLines([[...keys, 'figure', 'runs', 'mean', 'low', 'high', 'least', 'most'], ...rows]);
}

function keysOf(points: readonly { readonly settings: Readonly<Record<string, string>> }[]): string[] {
  return Object.keys(points[0]?.settings ?? {});
}

/** Results of an attack as CSV. */
export function attackCsv(results: readonly AttackResult[]): string {
  const titles = [
    ...['policy', 'rules', 'policy_hash', 'before', 'after', 'gain', 'fake_events', 'accounts', 'excluded_events'],
    ...['suspected', 'gain_per_event', 'break_even_price', 'cost', 'profit', 'honest_loss', 'undistributed_change'],
    ...['losers', 'hardest_hit', 'hardest_hit_loss'],
  ];
  const rows = results.map((row) => [
    ...[row.policy, row.rules, row.policyHash, row.before, row.after, row.gain, row.fakeEvents, row.accounts],
    row.excluded.reduce((sum, { events }) => sum + events, 0),
    ...[row.suspected, row.gainPerEvent, row.breakEvenPrice, row.cost, row.profit, row.honestLoss],
    ...[row.undistributedChange, row.losers, row.hardestHit?.creatorId ?? null, row.hardestHit?.loss ?? null],
  ]);
  return csvLines([titles, ...rows]);
}

/** What a search for manipulations found, as CSV. */
export function searchCsv(found: readonly FoundUnderPolicy[]): string {
  const titles = ['policy', 'manipulation', 'trials', 'gained', 'largest_gain', 'per_viewer'];
  const rows = found.map((row) => [
    row.policy,
    row.manipulation,
    row.trials,
    row.gained,
    row.largestGain,
    row.perViewer,
  ]);
  return csvLines([titles, ...rows]);
}

/** Risers as CSV, points of each period last. */
export function screeningCsv({ creators, periods }: Screening): string {
  const titles = [
    ...['rank', 'creator_id', 'handle', 'country', 'followers_before', 'followers_after', 'net_likes', 'net_follows'],
    ...['growth', 'size_class', 'peers', 'lift', 'steadiness', 'trend', 'score'],
    ...periods.map((period) => `points ${period}`),
  ];
  const rowOf = (row: ScreenedCreator, index: number) => [
    ...[index + 1, row.creatorId, row.handle, row.country, row.followersBefore, row.followersAfter],
    ...[row.netLikes, row.netFollows, row.growth, row.sizeClass, row.peers, row.lift, row.steadiness, row.trend],
    ...[row.score, ...row.points],
  ];
  return csvLines([titles, ...creators.map(rowOf)]);
}
