import { accountOutSchema } from '@rewardbook/contracts/api/accounts';
import { taxDueSchema } from '@rewardbook/contracts/api/payout-runs';
import { queryOptions } from '@tanstack/react-query';
import { askJson, path } from '../../api/client.ts';
import { wholeList } from '../../api/pages.ts';

/** Tax that was withheld and is neither returned nor remitted. */
export function taxDueQuery(program: string) {
  return queryOptions({
    queryKey: ['ledger', 'tax-due', program],
    queryFn: ({ signal }) =>
      askJson({ service: 'ledger', path: path`/v1/programs/${program}/tax-due`, signal }, taxDueSchema),
  });
}

/** The platform's own accounts, now or as they were. */
export function platformAccountsQuery(
  program: string,
  at: { readonly asOf?: string | undefined; readonly effective?: string | undefined },
) {
  return wholeList(
    { service: 'ledger', path: path`/v1/programs/${program}/accounts`, query: { prefix: 'platform:', ...at } },
    accountOutSchema,
  );
}
