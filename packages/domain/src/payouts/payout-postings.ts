import { PAYOUTS_CLEARING, payableAccount, taxAccount } from '../books/account.ts';
import type { Posting } from '../books/posting.ts';
import { compareUtf8 } from '../values/utf8-order.ts';
import type { HashedPayout } from './payout-run.ts';

type PaidRow = Pick<HashedPayout, 'creatorId' | 'gross' | 'withheld' | 'net' | 'taxCountry'>;

/** The entry of a run, row by row: a run has one for each creator. */
export interface RunEntry {
  /** A row that is paid, in order of creatorId: its line. */
  add(row: PaidRow): Posting;
  /** The lines after those of the rows. */
  rest(): Posting[];
}

/**
 * A run is approved: payable (gross) of each creator, in order → payouts:clearing (net of all), then → tax of each country by
 * code, where any was withheld.
 */
export function runEntry(): RunEntry {
  let net = 0n;
  const taxes = new Map<string, bigint>();
  return {
    add: (row) => {
      net += row.net;
      if (row.withheld !== 0n && row.taxCountry !== null) {
        const account = taxAccount(row.taxCountry);
        taxes.set(account, (taxes.get(account) ?? 0n) + row.withheld);
      }
      return { account: payableAccount(row.creatorId), amount: row.gross };
    },
    rest: () => [
      { account: PAYOUTS_CLEARING, amount: -net },
      ...[...taxes]
        .sort(([a], [b]) => compareUtf8(a, b))
        .map(([account, withheld]) => ({ account, amount: -withheld })),
    ],
  };
}
