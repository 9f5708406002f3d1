import { PAYOUTS_CLEARING, PLATFORM, payableAccount, taxAccount } from './account.ts';
import type { RunRow } from './payout-run.ts';
import type { Posting } from './posting.ts';
import { compareUtf8 } from './utf8-order.ts';

type PaidRow = Pick<RunRow, 'creatorId' | 'gross' | 'withheld' | 'net' | 'taxCountry'>;

/**
 * A run is approved: payable (gross) of each creator, in order → payouts:clearing (net of all), then → tax of each country
 * by code, where any was withheld. Row by row: a run has one for each creator.
 *
 * @param due the rows that are paid, by creatorId
 */
export function* payoutPostings(due: Iterable<PaidRow>): Generator<Posting, void, undefined> {
  let net = 0n;
  const taxes = new Map<string, bigint>();
  for (const row of due) {
    yield { account: payableAccount(row.creatorId), amount: row.gross };
    net += row.net;
    if (row.withheld !== 0n && row.taxCountry !== null) {
      const account = taxAccount(row.taxCountry);
      taxes.set(account, (taxes.get(account) ?? 0n) + row.withheld);
    }
  }
  yield { account: PAYOUTS_CLEARING, amount: -net };
  for (const [account, withheld] of [...taxes].sort(([a], [b]) => compareUtf8(a, b))) {
    yield { account, amount: -withheld };
  }
}

/** A run is settled: clearing → cash, for what was not returned before. */
export function settlementPostings(paid: bigint): Posting[] {
  return [
    { account: PAYOUTS_CLEARING, amount: paid },
    { account: PLATFORM.cash, amount: -paid },
  ];
}

/** A payout came back: clearing (before settlement) or cash (after) → payable, and tax → payable unless remitted. */
export function returnPostings(
  { creatorId, net, taxCountry }: Pick<RunRow, 'creatorId' | 'net' | 'taxCountry'>,
  { isSettled, taxBack }: { readonly isSettled: boolean; readonly taxBack: bigint },
): Posting[] {
  const lines: Posting[] = [
    { account: isSettled ? PLATFORM.cash : PAYOUTS_CLEARING, amount: net },
    { account: taxAccount(taxCountry ?? ''), amount: taxBack },
    { account: payableAccount(creatorId), amount: -(net + taxBack) },
  ];
  return withoutZeros(lines);
}

/** Lines of zero are left out, unless fewer than two would be left. */
function withoutZeros(lines: Posting[]): Posting[] {
  const left = lines.filter(({ amount }) => amount !== 0n);
  return left.length < 2 ? lines : left;
}
