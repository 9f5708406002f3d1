import type { PeriodOut } from '@rewardbook/contracts/api/periods';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import type { PeriodResultOut } from '@rewardbook/contracts/api/result';
import { useQuery } from '@tanstack/react-query';
import type { ComponentType } from 'react';
import { path } from '../../api/client.ts';
import { Amount } from '../../blocks/amount.tsx';
import { Button } from '../../blocks/button.tsx';
import { Downloads } from '../../blocks/downloads.tsx';
import { Figure, FigureRow } from '../../blocks/figures.tsx';
import { Failure, Notice, Pending } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import { counted, groupCount } from '../../format/counts.ts';
import { summaryQuery } from '../queries.ts';
import { dryRunQuery, MAX_CREATORS_SHOWN, resultQuery } from './queries.ts';

interface ResultsProps {
  readonly program: ProgramOut;
  readonly period: PeriodOut;
  readonly view: ComponentType<{
    readonly program: ProgramOut;
    readonly period: string;
    readonly result: PeriodResultOut;
    readonly isFinal: boolean;
  }>;
}

/** The result of a close; where it is too large to be held here, its file. */
export function ClosedResult({ program, period, view: View }: ResultsProps) {
  const summary = useQuery(summaryQuery(program.program, period.period));
  const creators = summary.data?.[0]?.creators ?? 0;
  const isShown = summary.data !== undefined && creators <= MAX_CREATORS_SHOWN;
  const result = useQuery({ ...resultQuery(program.program, period.period), enabled: isShown });
  const failed = [summary, result].find(({ isLoadingError }) => isLoadingError);
  const file = {
    label: 'JSON',
    call: { service: 'ledger', path: path`/v1/programs/${program.program}/periods/${period.period}/result` },
    fileName: `${program.program}-${period.period}-result.json`,
  } as const;
  if (failed !== undefined) {
    return <Failure error={failed.error} what="Could not read the result" retry={() => void failed.refetch()} />;
  }
  if (summary.data !== undefined && !isShown) {
    return (
      <Section title="Allocations">
        <Notice tone="info" title={`${counted(creators, 'creator')}: too many for a page`}>
          A page holds the allocations of {groupCount(MAX_CREATORS_SHOWN)} creators at most. The file has all of them.
        </Notice>
        <Downloads what="the result" files={[file]} />
      </Section>
    );
  }
  return result.data === undefined ? (
    <Pending what="the result" />
  ) : (
    <>
      <View program={program} period={period.period} result={result.data} isFinal />
      <Downloads what="the result" files={[file]} />
    </>
  );
}

/** What a close would give, marked as such. */
export function DryRun({ program, period, view: View }: ResultsProps) {
  const dryRun = useQuery(dryRunQuery(program.program, period.period));
  const { currency } = program;
  return (
    <>
      <Section
        title="Dry run"
        aside={
          <Button isSmall onPress={() => void dryRun.refetch()} isBusy={dryRun.isFetching}>
            {dryRun.isFetching ? 'Running …' : 'Run again'}
          </Button>
        }
      >
        <Notice tone="info" title="Not final">
          Computed from what is recorded now. Nothing is posted; a close may see more events or revenue.
        </Notice>
        {dryRun.isError ? (
          <Failure error={dryRun.error} what="The dry run gave no result" retry={() => void dryRun.refetch()} />
        ) : null}
        {dryRun.isPending ? <Pending what="events, revenue and policy for the dry run" /> : null}
        {dryRun.data === undefined ? null : (
          <FigureRow>
            <Figure label="Would be the pool">
              <Amount value={dryRun.data.pool} currency={currency} />
            </Figure>
            <Figure label="Would be allocated" note={`to ${counted(dryRun.data.metrics.creators, 'creator')}`}>
              <Amount value={dryRun.data.allocated} currency={currency} />
            </Figure>
            <Figure label="Would be undistributed">
              <Amount value={dryRun.data.undistributed} currency={currency} />
            </Figure>
          </FigureRow>
        )}
      </Section>
      {dryRun.data === undefined ? null : (
        <View program={program} period={period.period} result={dryRun.data} isFinal={false} />
      )}
    </>
  );
}
