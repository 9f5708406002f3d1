import type { PayoutRow } from '@rewardbook/contracts/api/reports';
import type { CloseWithPolicy } from '@rewardbook/db/books/closes';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import type { ReportContext } from '../../service/report-context.ts';
import { flowOf, flowTexts, givenTexts, shareOfPool } from './payout-columns.ts';
import { closeTerms, type ProjectedPayout, projectPayouts } from './payout-projection.ts';
import type { PayoutWindows } from './payout-windows.ts';
import { readUnpaid, type UnpaidClose, type UnpaidRow } from './sql/projected-payouts.ts';

/** A payout that a run before the next close would make. */
export interface Projection {
  readonly payout: ProjectedPayout;
  /** The creator in the close; undefined if only an earlier balance is left. */
  readonly row: UnpaidRow | undefined;
  readonly creatorId: string;
}

/** Payouts after the closes that no run has paid, up to one of them; by creator, then close. */
export async function* projections(
  { source, program }: ReportContext,
  { unpaid }: PayoutWindows,
  closes: readonly CloseWithPolicy[],
  { lastClose, creatorId }: { readonly lastClose: number; readonly creatorId: string | undefined },
): AsyncGenerator<Projection[], void, undefined> {
  const [first, ...others] = unpaid;
  if (first === undefined) {
    return;
  }
  const spans: readonly [UnpaidClose, ...UnpaidClose[]] = [first, ...others];
  const terms = closes
    .filter(({ closeNo }) => closeNo <= lastClose && spans.some((span) => span.closeNo === closeNo))
    .map((close) => closeTerms(close.closeNo, close.policy));
  const project = (group: Group): Projection[] => {
    const flows = new Map(group.filter(hasMoved).map((row) => [row.closeNo, flowOf(row, program.currency)]));
    const available = parseAmount(group[0].opening, program.currency);
    const taxedBefore = parseAmount(group[0].taxedBefore, program.currency);
    return [...projectPayouts(terms, flows, { ...group[0], available, taxedBefore })].map((payout) => ({
      payout,
      row: group.find(({ closeNo }) => closeNo === payout.closeNo),
      creatorId: group[0].creatorId,
    }));
  };
  let group: Group | undefined;
  for await (const batch of readUnpaid(source, program, { closes: spans, lastClose, creatorId })) {
    const found: Projection[] = [];
    for (const row of batch) {
      if (group !== undefined && group[0].creatorId === row.creatorId) {
        group.push(row);
      } else {
        if (group !== undefined) {
          found.push(...project(group));
        }
        group = [row];
      }
    }
    yield found;
  }
  if (group !== undefined) {
    yield project(group);
  }
}

/** A creator's rows, in order of closes. */
type Group = [UnpaidRow, ...UnpaidRow[]];

/** Whether it has a row because of the close, not only because something was left before. */
function hasMoved(row: UnpaidRow): boolean {
  return (
    row.isInClose || [row.allocated, row.adjustment, row.held, row.released, row.returned].some((text) => text !== '0')
  );
}

/** A projection as a row of the report. */
export function toProjectedRow(
  { program: { currency } }: ReportContext,
  close: CloseWithPolicy,
  { payout, row, creatorId }: Projection,
): PayoutRow {
  const money = (minor: bigint): string => formatAmount(minor, currency);
  return {
    period: close.period,
    run_id: null,
    payout_id: null,
    creator_id: creatorId,
    likes: row?.likes ?? 0,
    follows: row?.follows ?? 0,
    points: row?.points ?? '0',
    weight: row?.weight ?? '0',
    pool_share: shareOfPool(payout.allocated, parseAmount(close.pool ?? '0', currency)),
    currency: currency.code,
    gross: money(payout.gross),
    ...flowTexts(payout, currency),
    withholding: money(payout.withheld),
    net: money(payout.net),
    carried_in: money(payout.carriedIn),
    carried_out: money(payout.carriedOut),
    status: payout.reason === null ? 'projected' : 'projected-waiting',
    status_reason: payout.reason,
    policy_version: close.policyVersion,
    entry_key: close.entryKey,
    return_entry_key: null,
    taxed_before: money(payout.taxedBefore),
    ...givenTexts(row, currency),
  };
}
