import { runPayoutTotalsSchema } from '@rewardbook/contracts/api/reports';
import { useQuery } from '@tanstack/react-query';
import { path } from '../../api/client.ts';
import { wholeOf } from '../../api/pages.ts';
import { Reading } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import { FlowChart } from '../flow-chart.tsx';
import { flowOfPayouts } from '../money-flow.ts';
import type { RunProps } from './run-types.ts';

/** How what was allocated becomes what is paid, over all creators of the run. */
export function RunFlow({ program: { program, currency }, run }: RunProps) {
  const totals = useQuery({
    ...wholeOf(
      {
        service: 'reports',
        path: path`/v1/programs/${program}/reports/payouts/totals`,
        query: { run: run.runId },
      },
      runPayoutTotalsSchema,
    ),
    staleTime: Number.POSITIVE_INFINITY, // a draft's rows never change
  });
  return (
    <Section title="From what was allocated to what is paid">
      <Reading of={totals} what="the run’s sums" />
      {totals.data === undefined ? null : (
        <FlowChart
          title={`From allocated to paid, run ${run.runId}`}
          currency={currency}
          steps={flowOfPayouts(currency, totals.data)}
        />
      )}
    </Section>
  );
}
