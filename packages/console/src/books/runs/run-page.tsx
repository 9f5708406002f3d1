import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from '@tanstack/react-router';
import { Amount } from '../../blocks/amount.tsx';
import { StatusBadge } from '../../blocks/badge.tsx';
import { Fact, Facts, Figure, FigureRow } from '../../blocks/figures.tsx';
import { Hash } from '../../blocks/name.tsx';
import { Reading } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import { counted, groupCount } from '../../format/counts.ts';
import { isZero } from '../../format/decimal-text.ts';
import { Page } from '../../shell/page.tsx';
import { EntryLink, PeriodLink } from '../links.tsx';
import { programStep } from '../program-trail.tsx';
import { runQuery } from '../queries.ts';
import { useProgram } from '../use-program.ts';
import { RunActions } from './run-actions.tsx';
import { RunChange, RunChangeSection } from './run-change.tsx';
import { RunFiles } from './run-files.tsx';
import { RunFlow } from './run-flow.tsx';
import { RunPayouts } from './run-payouts.tsx';
import { RunTimeline } from './run-timeline.tsx';
import type { RunProps } from './run-types.ts';

/** A payout run from its draft to the bank and back. */
export function RunPage() {
  const program = useProgram();
  const { run: runId } = useParams({ from: '/books/$program/runs/$run' });
  const run = useQuery(runQuery(program.program, runId));
  return (
    <Page
      trail={[
        programStep(program),
        <Link key="runs" to="/books/$program/runs" params={{ program: program.program }}>
          Payout runs
        </Link>,
      ]}
      title={`Payout run ${runId}`}
      lead={run.data === undefined ? undefined : <StatusBadge status={run.data.status} />}
      actions={run.data === undefined ? undefined : <RunActions program={program} run={run.data} />}
    >
      <Reading of={run} what="the run" failure={`Could not read run ${runId}`} />
      {run.data === undefined ? null : (
        <>
          <RunFigures program={program} run={run.data} />
          <div className="columns">
            <Section title="What is signed">
              <RunFacts program={program} run={run.data} />
              <RunChange program={program} run={run.data} />
              <RunFiles program={program} run={run.data} />
            </Section>
            <Section title="Steps">
              <RunTimeline program={program} run={run.data} />
            </Section>
          </div>
          <RunChangeSection program={program} run={run.data} />
          <RunFlow program={program} run={run.data} />
          <RunPayouts program={program} run={run.data} />
        </>
      )}
    </Page>
  );
}

function RunFigures({ run }: RunProps) {
  const { currency, net, withheld, gross, payoutCount, waitingCount, returned, returnedCount, settled } = run;
  return (
    <FigureRow>
      <Figure label="Paid out (net)" note={counted(payoutCount, 'payout')}>
        <Amount value={net} currency={currency} />
      </Figure>
      <Figure
        label="Tax withheld"
        note={
          <>
            of <Amount value={gross} /> gross
          </>
        }
      >
        <Amount value={withheld} currency={currency} />
      </Figure>
      <Figure label="Waiting" note="in this run without a payout">
        {groupCount(waitingCount)} {waitingCount === 1 ? 'creator' : 'creators'}
      </Figure>
      {isZero(returned) && returnedCount === 0 ? null : (
        <Figure label="Came back" note={counted(returnedCount, 'payout')}>
          <Amount value={returned} currency={currency} />
        </Figure>
      )}
      {settled === null ? null : (
        <Figure label="Went to the bank">
          <Amount value={settled} currency={currency} />
        </Figure>
      )}
    </FigureRow>
  );
}

function RunFacts({ program: { program }, run }: RunProps) {
  return (
    <Facts>
      <Fact label="Latest close in it">
        <PeriodLink program={program} period={run.period} />
      </Fact>
      <Fact label="Policy version">{run.policyVersion}</Fact>
      <Fact label="Contents (SHA-256)">
        <Hash>{run.contentHash}</Hash>
      </Fact>
      {run.entryKey === null ? null : (
        <Fact label="Posted as">
          <EntryLink program={program} entryKey={run.entryKey} />
        </Fact>
      )}
      {run.settlementKey === null ? null : (
        <Fact label="Settled as">
          <EntryLink program={program} entryKey={run.settlementKey} />
        </Fact>
      )}
    </Facts>
  );
}
