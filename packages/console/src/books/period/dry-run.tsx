import type { PeriodOut } from '@rewardbook/contracts/api/periods';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import type { PeriodResultOut } from '@rewardbook/contracts/api/result';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo } from 'react';
import { Amount } from '../../blocks/amount.tsx';
import { Button } from '../../blocks/button.tsx';
import { Field } from '../../blocks/field.tsx';
import { Figure, FigureRow } from '../../blocks/figures.tsx';
import { Failure, Notice, Pending } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { counted, groupCount } from '../../format/counts.ts';
import { allocationColumns } from './allocation-columns.tsx';
import { ExcludedByRule, LockstepGroups, Measures } from './outcome-parts.tsx';
import { dryRunQuery } from './queries.ts';

/** What a close would give, marked as such. */
export function DryRun({ program, period }: { readonly program: ProgramOut; readonly period: PeriodOut }) {
  const dryRun = useQuery(dryRunQuery(program.program, period.period));
  const { currency } = program;
  const result = dryRun.data;
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
        {result === undefined ? null : (
          <FigureRow>
            <Figure label="Would be the pool">
              <Amount value={result.pool} currency={currency} />
            </Figure>
            <Figure label="Would be allocated" note={`to ${counted(result.metrics.creators, 'creator')}`}>
              <Amount value={result.allocated} currency={currency} />
            </Figure>
            <Figure label="Would be undistributed">
              <Amount value={result.undistributed} currency={currency} />
            </Figure>
          </FigureRow>
        )}
      </Section>
      {result === undefined ? null : (
        <>
          <DryAllocations program={program} period={period.period} result={result} />
          <ExcludedByRule excluded={result.excluded} />
          <Measures outcome={result} />
          {result.lockstep === undefined ? null : <LockstepGroups groups={result.lockstep} />}
        </>
      )}
    </>
  );
}

/** A dry run's answer is whole: it is searched and sorted here. */
function DryAllocations({
  program,
  period,
  result,
}: {
  readonly program: ProgramOut;
  readonly period: string;
  readonly result: PeriodResultOut;
}) {
  const { find, order } = useSearch({ from: '/books/$program/periods/$period' });
  const navigate = useNavigate({ from: '/books/$program/periods/$period' });
  const columns = useMemo(
    () => allocationColumns(program).map(({ isSortable: _byService, ...column }) => column),
    [program],
  );
  const rows = useMemo(
    () => (find === undefined ? result.creators : result.creators.filter(({ creatorId }) => creatorId.includes(find))),
    [result, find],
  );
  const setSearch = (part: { find?: string | undefined; order?: string | undefined }): void =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true, resetScroll: false });
  return (
    <Section title="Allocations that a close would make">
      <div className="filters">
        <Field
          label="Find a creator"
          type="search"
          value={find ?? ''}
          onChange={(text) => setSearch({ find: text === '' ? undefined : text })}
        />
      </div>
      <DataTable
        caption={`Allocations of ${period}`}
        columns={columns}
        rows={rows}
        rowKey={({ creatorId }) => creatorId}
        order={order ?? '-amount'}
        onOrder={(next) => setSearch({ order: next === '-amount' ? undefined : next })}
        empty={
          find === undefined ? (
            'No creator has points or an amount.'
          ) : (
            <>
              No creator’s id has “<bdi>{find}</bdi>”.
            </>
          )
        }
        {...(find === undefined ? {} : { countNote: `of ${groupCount(result.creators.length)}, filtered` })}
      />
    </Section>
  );
}
