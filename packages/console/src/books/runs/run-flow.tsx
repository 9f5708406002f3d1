import { reportRowSchemas, reportSchema } from '@rewardbook/contracts/api/reports';
import { useQuery } from '@tanstack/react-query';
import { askJson, path } from '../../api/client.ts';
import { Failure, Pending } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import { counted, groupCount } from '../../format/counts.ts';
import { FlowChart } from '../flow-chart.tsx';
import { flowOfPayouts } from '../money-flow.ts';
import type { RunProps } from './run-types.ts';

/** The rows are added up here; above this number that is the service's work. */
const MAX_ROWS = 20_000;

/** How what was allocated becomes what is paid, over all creators of the run. */
export function RunFlow({ program: { program, currency }, run }: RunProps) {
  const creators = run.payoutCount + run.waitingCount;
  const isShown = creators <= MAX_ROWS;
  const rows = useQuery({
    queryKey: ['reports', 'payouts-of-run', program, run.runId, run.contentHash],
    queryFn: async ({ signal }) =>
      (
        await askJson(
          {
            service: 'reports',
            path: path`/v1/programs/${program}/reports/payouts`,
            query: { run: run.runId, format: 'json' },
            signal,
          },
          reportSchema(reportRowSchemas.payouts),
        )
      ).rows,
    enabled: isShown,
  });
  return (
    <Section title="From what was allocated to what is paid">
      {isShown ? null : (
        <p className="quiet">
          {counted(creators, 'creator')} are too many to add up on a page ({groupCount(MAX_ROWS)} at most). The CSV has
          all columns.
        </p>
      )}
      {rows.isError ? (
        <Failure error={rows.error} what="Could not read the run’s rows" retry={() => void rows.refetch()} />
      ) : null}
      {isShown && rows.isPending ? <Pending what="the run’s rows" /> : null}
      {rows.data === undefined ? null : (
        <FlowChart
          title={`From allocated to paid, run ${run.runId}`}
          currency={currency}
          steps={flowOfPayouts(currency, rows.data)}
        />
      )}
    </Section>
  );
}
