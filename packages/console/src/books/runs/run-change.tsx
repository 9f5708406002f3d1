import { useQuery } from '@tanstack/react-query';
import { Amount } from '../../blocks/amount.tsx';
import { groupCount } from '../../format/counts.ts';
import { negated, sumOf } from '../../format/decimal-text.ts';
import { RunLink } from '../links.tsx';
import { runsQuery } from '../queries.ts';
import type { RunProps } from './run-types.ts';

/** What is other than in the run before: a sum that nobody expects is seen before it is signed. */
export function RunChange({ program: { program, currency }, run }: RunProps) {
  const runs = useQuery(runsQuery(program));
  const kept = (runs.data?.items ?? []).filter(({ status, runId }) => status !== 'discarded' || runId === run.runId);
  const before = kept[kept.findIndex(({ runId }) => runId === run.runId) - 1];
  if (before === undefined) {
    return runs.data !== undefined ? <p className="quiet">It is the program’s first run.</p> : null;
  }
  const payoutCount = run.payoutCount - before.payoutCount;
  return (
    <p>
      Compared with <RunLink program={program} run={before.runId} />:{' '}
      <Amount value={sumOf(currency, [run.net, negated(currency, before.net)])} currency={currency} isChange /> net,{' '}
      {payoutCount > 0 ? '+' : ''}
      {groupCount(payoutCount)} payouts.
    </p>
  );
}
