import type { Explanation } from '@rewardbook/contracts/api/explanation';
import { type CapRound, capRounds } from '@rewardbook/domain/allocation/cap-rounds';
import { decidingRound, quotaOf, shareByRemainder } from '@rewardbook/domain/close/explain-share';
import { shareOf } from '@rewardbook/domain/values/share-of';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { explainedUnits } from './explained-units.ts';
import type { ShareOfClose } from './explanation-scope.ts';
import { findRemainderRank, heaviestWeights, sumWeights } from './sql/close.ts';

/** The split of the pool as one creator sees it, derived again from the weights of all. */
export async function explainShare(input: ShareOfClose): Promise<Explanation['share']> {
  const { sql, programId, currency, close, creatorId, weight } = input;
  const { attemptId, policy } = close;
  const money = (minor: bigint): string => formatAmount(minor, currency);
  const pool = parseAmount(close.pool, currency);
  const all = await sumWeights(sql, programId, attemptId);
  const totalWeight = BigInt(all.totalWeight);
  const { maxShare, method } = policy.allocation;
  const cap = maxShare === undefined ? undefined : shareOf(pool, maxShare);
  const rounds = await roundsOf(input, { pool, totalWeight, cap, creators: all.creators });
  const { round, index } = decidingRound(rounds, weight);
  const isCapped = weight > 0n && round.capped > 0;
  const quota = weight === 0n ? undefined : quotaOf(round, weight);
  const remainderRank =
    quota === undefined || isCapped
      ? undefined
      : await findRemainderRank(sql, programId, attemptId, {
          ...round,
          remainder: quota.remainder,
          creatorId,
          leastCapped: rounds.at(-2)?.leastCapped,
        });
  const share = quota === undefined || remainderRank === undefined ? undefined : shareByRemainder(quota, remainderRank);
  const amount = isCapped ? (cap ?? 0n) : (share?.amount ?? 0n);
  return {
    method,
    units: await explainedUnits(input),
    weight: weight.toString(),
    totalWeight: totalWeight.toString(),
    sharingCreators: all.creators,
    cap:
      cap === undefined || maxShare === undefined
        ? null
        : {
            maxShare,
            amount: money(cap),
            rounds: rounds.map((one) => ({
              pool: money(one.pool),
              totalWeight: one.totalWeight.toString(),
              capped: one.capped,
              leastCapped: one.leastCapped?.toString() ?? null,
            })),
            decidedInRound: index + 1,
            isCapped,
          },
    roundPool: money(round.pool),
    roundTotalWeight: round.totalWeight.toString(),
    quota:
      quota === undefined
        ? null
        : {
            numerator: quota.quota.numerator.toString(),
            denominator: quota.quota.denominator.toString(),
            reducedNumerator: quota.quota.reducedNumerator.toString(),
            reducedDenominator: quota.quota.reducedDenominator.toString(),
          },
    floor: money(quota?.floor ?? 0n),
    remainder: (quota?.remainder ?? 0n).toString(),
    rank: share?.rank ?? null,
    rankedCreators: remainderRank?.ranked ?? 0,
    unitsLeft: (remainderRank?.unitsLeft ?? 0n).toString(),
    getsUnit: share?.getsUnit ?? false,
    amount: money(amount),
  };
}

async function roundsOf(
  { sql, programId, close }: ShareOfClose,
  {
    pool,
    totalWeight,
    cap,
    creators,
  }: { pool: bigint; totalWeight: bigint; cap: bigint | undefined; creators: number },
): Promise<readonly [...CapRound[], CapRound]> {
  if (cap === undefined) {
    return [{ pool, totalWeight, capped: 0, leastCapped: undefined }];
  }
  // Each creator above the cap takes the cap out of the pool: there cannot be more than this many.
  const fitting = cap === 0n ? BigInt(creators) : pool / cap + 1n;
  const atMost = fitting < BigInt(creators) ? fitting : BigInt(creators);
  return capRounds(pool, cap, totalWeight, await heaviestWeights(sql, programId, close.attemptId, atMost));
}
