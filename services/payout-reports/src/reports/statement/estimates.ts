import type { StatementRow } from '@rewardbook/contracts/api/reports';
import { type CloseWithPolicy, listClosesWithPolicies } from '@rewardbook/db/books/closes';
import { findPolicyAt } from '@rewardbook/db/books/policies';
import { poolOf } from '@rewardbook/domain/close/pool';
import { previousPeriod } from '@rewardbook/domain/values/period';
import { compareUtf8 } from '@rewardbook/domain/values/utf8-order';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { parseScaled, scaleOf } from '@rewardbook/money/decimal';
import { divideFloor } from '@rewardbook/money/rounding';
import { listOpenPeriods } from '../../service/periods-sql.ts';
import type { ReportContext } from '../../service/report-context.ts';
import { type CreatorTally, listOpenTallies, sumTalliedPoints } from './sql.ts';

/**
 * What open periods may bring a creator, by the events that came in so far: the pool of the revenue booked so far,
 * split by the points of the tallies. Rough on purpose: risk rules, eligibility, boosts and caps are ignored. Without
 * revenue there is no amount, nor where the pool is not split pro rata: tallies know no viewers.
 */
export async function estimates(
  context: ReportContext,
  creatorId: string,
  period: string | undefined,
): Promise<StatementRow[]> {
  const { sql, program } = context;
  const [closes, open, tallies] = await Promise.all([
    listClosesWithPolicies(sql, program.programId),
    listOpenPeriods(sql, program.programId),
    listOpenTallies(sql, program.programId, creatorId),
  ]);
  const first = closes[0]?.period ?? open[0]?.period;
  const rows: StatementRow[] = [];
  for (const tally of tallies) {
    // Before the first period nothing earns: it is baseline. Compared as labels, since events also come from before the year 0000
    // in the program's zone, in periods that cannot be asked for.
    if (first === undefined || compareUtf8(tally.period, first) < 0) {
      continue;
    }
    if (period !== undefined && tally.period !== period) {
      continue;
    }
    const revenue = open.find((one) => one.period === tally.period)?.revenue;
    const amount = revenue === undefined ? undefined : await estimate(context, tally, revenue, closes.at(-1));
    rows.push({
      line: 'estimate',
      effective_at: null,
      posted_at: null,
      seq: null,
      entry_key: null,
      reason: `estimate for ${tally.period}: ${tally.likes} likes and ${tally.follows} follows so far`,
      account: null,
      amount: amount === undefined ? null : formatAmount(amount, program.currency),
      balance: null,
      currency: program.currency.code,
    });
  }
  return rows;
}

async function estimate(
  { sql, program }: ReportContext,
  tally: CreatorTally,
  revenue: string,
  last: CloseWithPolicy | undefined,
): Promise<bigint | undefined> {
  const policy = (await findPolicyAt(sql, program.programId, tally.period))?.policy;
  if (policy === undefined || policy.allocation.method !== 'pro-rata') {
    return undefined;
  }
  const follows = last?.period === previousPeriod(tally.period);
  const money = (text: string | null | undefined): bigint => parseAmount(text ?? '0', program.currency);
  const { pool } = poolOf({
    revenueEntries: money(revenue),
    negativeRevenueCarriedIn: follows ? money(last.revenueCarriedOut) : 0n,
    rolledOver: follows && last.policy.undistributed === 'rollover' ? money(last.undistributed) : 0n,
    revenueShare: policy.revenueShare,
  });
  const total = await sumTalliedPoints(sql, program.programId, tally.period, policy.weights);
  const scale = Math.max(scaleOf(policy.weights.like), scaleOf(policy.weights.follow), scaleOf(total));
  const points =
    parseScaled(policy.weights.like, scale) * BigInt(tally.likes) +
    parseScaled(policy.weights.follow, scale) * BigInt(tally.follows);
  const sum = parseScaled(total, scale);
  return points <= 0n || sum === 0n ? 0n : divideFloor(pool * points, sum);
}
