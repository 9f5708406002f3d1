import { holdOutSchema } from '@rewardbook/contracts/api/holds';
import { reconciliationOutSchema } from '@rewardbook/contracts/api/reconciliation';
import { queryOptions } from '@tanstack/react-query';
import { askJson, path } from '../../api/client.ts';
import { wholeList } from '../../api/pages.ts';

export function holdsInForceQuery(program: string) {
  return wholeList({ service: 'ledger', path: path`/v1/programs/${program}/holds` }, holdOutSchema);
}

export function reconciliationQuery(program: string, period: string) {
  return queryOptions({
    queryKey: ['ledger', 'reconciliation', program, period],
    queryFn: ({ signal }) =>
      askJson(
        { service: 'ledger', path: path`/v1/programs/${program}/reconciliations/${period}`, signal },
        reconciliationOutSchema,
      ),
  });
}
