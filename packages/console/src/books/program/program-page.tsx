import type { PeriodOut } from '@rewardbook/contracts/api/periods';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { nextPeriod } from '@rewardbook/domain/values/period';
import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Amount } from '../../blocks/amount.tsx';
import { Downloads } from '../../blocks/downloads.tsx';
import { Figure, FigureRow } from '../../blocks/figures.tsx';
import { Name } from '../../blocks/name.tsx';
import { Failure, Pending, Reading } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import { groupCount } from '../../format/counts.ts';
import { percentOf, sumOf } from '../../format/decimal-text.ts';
import { readablePeriod } from '../../format/time.ts';
import { Page } from '../../shell/page.tsx';
import { FlowChart } from '../flow-chart.tsx';
import { flowOfPeriod } from '../money-flow.ts';
import { pendingRequestsQuery, periodQuery, periodsQuery, reportFiles, runsQuery, summaryQuery } from '../queries.ts';
import { useProgram } from '../use-program.ts';
import { LastVerify } from './last-verify.tsx';
import { PeriodLine } from './period-line.tsx';
import { holdsInForceQuery, reconciliationQuery } from './queries.ts';
import { TaskList } from './task-list.tsx';
import { tasksOf } from './tasks.ts';

/** Closed periods whose reconciliation is looked at for what is left to do. */
const RECONCILED_PERIODS = 3;

/** A program at a glance: its figures, what waits for somebody, its periods, and where its money goes. */
export function ProgramPage() {
  const program = useProgram();
  const periods = useQuery(periodsQuery(program.program));
  return (
    <Page
      title={<Name>{program.name}</Name>}
      titleText={program.name}
      lead={
        <>
          {program.program} · {program.currency} · by {program.period} in {program.timeZone} ·{' '}
          <Link to="/books/$program/policy" params={{ program: program.program }}>
            policy version {program.policyVersion}
          </Link>
        </>
      }
    >
      <Reading of={periods} what="the periods" />
      {periods.data === undefined ? null : <Overview program={program} periods={periods.data.items} />}
    </Page>
  );
}

function Overview({ program, periods }: { readonly program: ProgramOut; readonly periods: readonly PeriodOut[] }) {
  const summary = useQuery(summaryQuery(program.program));
  const closed = periods.filter(({ status }) => status === 'closed');
  const latest = summary.data?.find(({ period }) => period === closed.at(-1)?.period);
  const flow = latest === undefined ? [] : flowOfPeriod(latest);
  return (
    <>
      {summary.isPending && closed.length > 0 ? <Pending what="the figures" /> : null}
      {latest === undefined ? null : (
        <Headline program={program} period={latest.period} periods={closed} latest={latest} />
      )}
      <Waiting program={program} periods={periods} />
      <LastVerify program={program} />
      <Section
        title="Periods"
        aside={
          <Downloads what="the summary" files={reportFiles(program.program, 'summary', ['csv', 'xlsx', 'json'], {})} />
        }
      >
        <PeriodLine program={program} periods={periods} />
      </Section>
      {summary.isError ? (
        <Failure error={summary.error} what="Could not read the summary" retry={() => void summary.refetch()} />
      ) : null}
      {flow.length === 0 || latest === undefined ? null : (
        <Section title={`From revenue to creators, ${readablePeriod(latest.period)}`}>
          <FlowChart
            title={`From revenue to creators, ${readablePeriod(latest.period)}`}
            currency={program.currency}
            steps={flow}
          />
        </Section>
      )}
    </>
  );
}

interface HeadlineProps {
  readonly program: ProgramOut;
  readonly period: string;
  readonly periods: readonly PeriodOut[];
  readonly latest: {
    readonly pool: string | null;
    readonly creators_paid: number | null;
    readonly creators_waiting: number | null;
    readonly gini: string | null;
    readonly top1_share: string | null;
  };
}

function Headline({ program: { currency }, period, periods, latest }: HeadlineProps) {
  const given = sumOf(
    currency,
    periods.map(({ allocated }) => allocated ?? '0'),
  );
  const { pool, creators_paid, creators_waiting, gini, top1_share } = latest;
  return (
    <FigureRow>
      <Figure label={`Pool of ${readablePeriod(period)}`} note={`closed; ${periods.length} periods closed in all`}>
        <Amount value={pool ?? '0'} currency={currency} />
      </Figure>
      <Figure label="Given to creators so far" note="by all closes">
        <Amount value={given} currency={currency} />
      </Figure>
      <Figure
        label={`Creators that ${readablePeriod(period)} paid`}
        note={
          creators_waiting === null ? undefined : `${groupCount(creators_waiting)} of the close wait for their payout`
        }
      >
        {creators_paid === null ? '–' : groupCount(creators_paid)}
      </Figure>
      <Figure
        label="How uneven (Gini)"
        note={top1_share === null ? undefined : `the top 1% get ${percentOf(top1_share)} of the pool`}
      >
        {gini ?? '–'}
      </Figure>
    </FigureRow>
  );
}

function Waiting({ program, periods }: { readonly program: ProgramOut; readonly periods: readonly PeriodOut[] }) {
  const slug = program.program;
  const closed = periods.filter(({ status }) => status === 'closed');
  const last = closed.at(-1);
  const following = last === undefined ? periods[0]?.period : nextPeriod(last.period);
  const next = useQuery({ ...periodQuery(slug, following ?? ''), enabled: following !== undefined });
  const runs = useQuery(runsQuery(slug));
  const requests = useQuery(pendingRequestsQuery(slug));
  const holds = useQuery(holdsInForceQuery(slug));
  const reconciliations = useQueries({
    queries: closed.slice(-RECONCILED_PERIODS).map(({ period }) => reconciliationQuery(slug, period)),
  });
  const failed = [next, runs, requests, holds, ...reconciliations].find(({ isError }) => isError);
  const tasks = tasksOf({
    currency: program.currency,
    periods,
    next: next.data,
    runs: runs.data?.items ?? [],
    pendingRequests: requests.data?.items.length ?? 0,
    holds: holds.data?.items.length ?? 0,
    reconciliations: reconciliations.flatMap(({ data }) => (data === undefined ? [] : [data])),
    now: Date.now(),
  });
  const isPending = [runs, requests, holds, ...reconciliations].some((query) => query.isPending);
  return (
    <Section title="What needs somebody now">
      {failed === undefined ? null : (
        <Failure error={failed.error} what="Not all of it could be read" retry={() => void failed.refetch()} />
      )}
      {isPending ? <Pending what="what waits" /> : <TaskList program={slug} tasks={tasks} />}
    </Section>
  );
}
