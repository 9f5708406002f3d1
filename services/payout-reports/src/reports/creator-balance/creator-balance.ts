import type { CreatorBalance } from '@rewardbook/contracts/api/creator-balance';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { AppError } from '@rewardbook/runtime/http/errors';
import { creatorIsKnown } from '../../service/creators-sql.ts';
import type { ReportContext } from '../../service/report-context.ts';
import { currentDrafts } from '../payouts/payouts.ts';
import { estimates } from '../statement/estimates.ts';
import { sumCreator, sumDrafted } from './sql.ts';

/** Where a creator's money is: estimated, final, held, payable, in runs, paid. Throws AppError `creator-unknown`. */
export async function creatorBalance(context: ReportContext, creatorId: string): Promise<CreatorBalance> {
  const { sql, program } = context;
  const { programId, currency, slug } = program;
  if (!(await creatorIsKnown(sql, programId, creatorId))) {
    throw new AppError('creator-unknown', `Nothing is known of a creator ${creatorId} in ${slug}`);
  }
  const [sums, drafts, estimated] = await Promise.all([
    sumCreator(sql, programId, creatorId),
    currentDrafts(context),
    estimates(context, creatorId, undefined),
  ]);
  const drafted = await sumDrafted(sql, programId, creatorId, drafts);
  const amounts = estimated.flatMap(({ amount }) => (amount === null ? [] : [parseAmount(amount, currency)]));
  const money = (text: string): string => formatAmount(parseAmount(text, currency), currency);
  const payable = parseAmount(sums.payable, currency);
  const orZero = (amount: bigint): string => formatAmount(amount > 0n ? amount : 0n, currency);
  return {
    creatorId,
    currency: currency.code,
    estimated:
      amounts.length === 0
        ? null
        : formatAmount(
            amounts.reduce((sum, amount) => sum + amount, 0n),
            currency,
          ),
    final: money(sums.final),
    adjusted: money(sums.adjusted),
    held: money(sums.held),
    payable: money(sums.payable),
    owed: orZero(-payable),
    onHold: sums.holds.length === 0 ? formatAmount(0n, currency) : orZero(payable),
    holds: sums.holds,
    drafted: money(drafted),
    inRuns: money(sums.inRuns),
    paid: money(sums.paid),
    withheld: money(sums.withheld),
    returned: money(sums.returned),
  };
}
