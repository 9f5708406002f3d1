import { periodResultSchema } from '@rewardbook/contracts/api/result';
import { revenueOutSchema } from '@rewardbook/contracts/api/revenue';
import { queryOptions } from '@tanstack/react-query';
import { askJson, path } from '../../api/client.ts';
import { wholeList } from '../../api/pages.ts';

/** What a close would give now. It changes nothing. */
export function dryRunQuery(program: string, period: string) {
  return queryOptions({
    queryKey: ['ledger', 'dry-run', program, period],
    queryFn: ({ signal }) =>
      askJson(
        {
          service: 'ledger',
          method: 'POST',
          path: path`/v1/programs/${program}/periods/${period}/close`,
          query: { dryRun: true },
          signal,
        },
        periodResultSchema,
      ),
    staleTime: 60_000,
  });
}

export function revenueQuery(program: string, period: string) {
  return wholeList(
    { service: 'ledger', path: path`/v1/programs/${program}/revenue`, query: { period } },
    revenueOutSchema,
  );
}
