import { policyVersionDetailSchema, policyVersionSchema } from '@rewardbook/contracts/api/programs';
import { queryOptions } from '@tanstack/react-query';
import { askJson, path } from '../../api/client.ts';
import { wholeList } from '../../api/pages.ts';

export function policyVersionsQuery(program: string) {
  return wholeList({ service: 'ledger', path: path`/v1/programs/${program}/policies` }, policyVersionSchema);
}

/** A version with its whole policy, which never changes. */
export function policyVersionQuery(program: string, version: number) {
  return queryOptions({
    queryKey: ['ledger', 'policy', program, version],
    queryFn: ({ signal }) =>
      askJson(
        { service: 'ledger', path: path`/v1/programs/${program}/policies/${String(version)}`, signal },
        policyVersionDetailSchema,
      ),
    staleTime: Number.POSITIVE_INFINITY,
  });
}
