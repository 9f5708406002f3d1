import type { Explanation } from '@rewardbook/contracts/api/explanation';
import { commissionsOf, lastScoutedPeriod, scoutedOf } from '@rewardbook/domain/beyond/commissions';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import type { ExplainedCreator } from './explanation-scope.ts';
import { findFacts } from './sql/close.ts';
import { sumCommissions } from './sql/commissions.ts';

/**
 * Who scouted a creator and until when, and what the creator earned as a scout; undefined where the policy pays no scouts.
 *
 * @throws Error where the commission is not what the close gave
 */
export async function explainScouts(
  { context, close, creatorId, period }: ExplainedCreator,
  amount: string,
): Promise<Explanation['scouts']> {
  const { scouts } = close.policy;
  if (scouts === undefined) {
    return undefined;
  }
  const { sql, program } = context;
  const { currency, programId, periodKind, slug } = program;
  const facts = await findFacts(sql, programId, close.creatorsVersion, creatorId);
  const scouted = [...scoutedOf(facts === undefined ? [] : [facts])];
  const sums = await sumCommissions(sql, programId, close.attemptId, creatorId);
  const money = (minor: bigint): string => formatAmount(minor, currency);
  const base = parseAmount(amount, currency);
  const commission = commissionsOf(scouts, period, scouted, new Map([[creatorId, base]]))[0]?.amount ?? 0n;
  if (commission !== parseAmount(sums.paid, currency)) {
    throw new Error(
      `the commission for ${creatorId} in ${period} comes to ${money(commission)}, the close gave ${sums.paid}`,
    );
  }
  const [scout] = scouted;
  return {
    ...scouts,
    scoutedBy:
      scout === undefined
        ? null
        : {
            scoutId: scout.scoutId,
            scoutedOn: scout.scoutedOn,
            until: lastScoutedPeriod(periodKind, scout.scoutedOn, scouts.periods),
            base: money(base),
            commission: money(commission),
          },
    earned: money(parseAmount(sums.earned, currency)),
    creatorsScouted: sums.creators,
    link: `/v1/programs/${slug}/reports/commissions?period=${period}&creator=${encodeURIComponent(creatorId)}`,
  };
}
