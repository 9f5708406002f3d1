import type { PeriodOut } from '@rewardbook/contracts/api/periods';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Amount, AmountOrDash } from '../../blocks/amount.tsx';
import { StatusBadge } from '../../blocks/badge.tsx';
import { Button } from '../../blocks/button.tsx';
import { Downloads } from '../../blocks/downloads.tsx';
import { Figure, FigureRow } from '../../blocks/figures.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { Reading } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import { isZero } from '../../format/decimal-text.ts';
import { readablePeriod } from '../../format/time.ts';
import { Page } from '../../shell/page.tsx';
import { programStep } from '../program-trail.tsx';
import { periodQuery, reportFiles } from '../queries.ts';
import { useProgram } from '../use-program.ts';
import { CloseActions, CloseProgress } from './close-actions.tsx';
import { CloseRecord } from './close-record.tsx';
import { ClosedResult } from './closed-result.tsx';
import { DryRun } from './dry-run.tsx';
import { RevenueSection } from './revenue-section.tsx';

/** A period: what it has, what its close gave or would give, and the files of it. */
export function PeriodPage() {
  const program = useProgram();
  const { period: label } = useParams({ from: '/books/$program/periods/$period' });
  const period = useQuery(periodQuery(program.program, label));
  return (
    <Page
      trail={[programStep(program)]}
      title={readablePeriod(label)}
      lead={period.data === undefined ? undefined : <Bounds program={program} period={period.data} />}
      actions={period.data?.status === 'open' ? <CloseActions program={program} period={period.data} /> : undefined}
    >
      <Reading of={period} what="the period" failure={`Could not read ${label}`} />
      {period.data === undefined ? null : <Contents program={program} period={period.data} />}
    </Page>
  );
}

function Bounds({ program, period }: { readonly program: ProgramOut; readonly period: PeriodOut }) {
  return (
    <span className="row">
      <StatusBadge status={period.status} />
      <span>
        <Instant at={period.start} timeZone={program.timeZone} /> up to{' '}
        <Instant at={period.end} timeZone={program.timeZone} />
      </span>
    </span>
  );
}

function Contents({ program, period }: { readonly program: ProgramOut; readonly period: PeriodOut }) {
  const slug = program.program;
  const isClosed = period.status === 'closed';
  return (
    <>
      <CloseProgress program={program} period={period} />
      <PeriodFigures program={program} period={period} />
      <RevenueSection program={program} period={period} />
      {isClosed ? (
        <ClosedResult program={program} period={period.period} />
      ) : (
        <DryRunSection program={program} period={period} />
      )}
      {isClosed ? <CloseRecord program={program} period={period} /> : null}
      {isClosed ? (
        <Section title="Files">
          <Downloads
            what="payouts"
            files={reportFiles(slug, 'payouts', ['csv', 'xlsx', 'json'], { period: period.period })}
          />
          <Downloads
            what="the journal"
            files={reportFiles(slug, 'journal', ['csv', 'xlsx', 'hledger'], { period: period.period })}
          />
          <Downloads
            what="the summary"
            files={reportFiles(slug, 'summary', ['csv', 'xlsx', 'json'], { period: period.period })}
          />
        </Section>
      ) : null}
    </>
  );
}

function PeriodFigures({
  program: { currency },
  period,
}: {
  readonly program: ProgramOut;
  readonly period: PeriodOut;
}) {
  const { revenue, revenueEntries, revenueCarriedIn, pool, allocated, undistributed } = period;
  const isCarried = revenueCarriedIn !== null && !isZero(revenueCarriedIn);
  return (
    <FigureRow>
      <Figure
        label="Revenue"
        note={
          isCarried ? (
            <>
              booked <Amount value={revenueEntries} />, carried in <Amount value={revenueCarriedIn} />
            </>
          ) : undefined
        }
      >
        <Amount value={revenue} currency={currency} />
      </Figure>
      <Figure label="Pool" note={pool === null ? 'known once it is closed' : undefined}>
        <AmountOrDash value={pool} currency={currency} />
      </Figure>
      <Figure label="Allocated">
        <AmountOrDash value={allocated} currency={currency} />
      </Figure>
      <Figure label="Undistributed">
        <AmountOrDash value={undistributed} currency={currency} />
      </Figure>
    </FigureRow>
  );
}

function DryRunSection({ program, period }: { readonly program: ProgramOut; readonly period: PeriodOut }) {
  const { dryRun } = useSearch({ from: '/books/$program/periods/$period' });
  const navigate = useNavigate({ from: '/books/$program/periods/$period' });
  if (dryRun === 'yes') {
    return <DryRun program={program} period={period} />;
  }
  return (
    <Section title="Dry run">
      <p className="quiet">What a close would give with what is recorded now. It changes nothing.</p>
      <div>
        <Button onPress={() => void navigate({ search: (before) => ({ ...before, dryRun: 'yes' as const }) })}>
          Run it
        </Button>
      </div>
    </Section>
  );
}
