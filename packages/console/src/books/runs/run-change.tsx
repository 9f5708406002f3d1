import { type RunChanges, runChangesSchema } from '@rewardbook/contracts/api/run-changes';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { path } from '../../api/client.ts';
import { wholeOf } from '../../api/pages.ts';
import { Amount } from '../../blocks/amount.tsx';
import { Reading } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { TotalsRow } from '../../blocks/table/totals-row.tsx';
import { counted, groupCount } from '../../format/counts.ts';
import { RunLink } from '../links.tsx';
import { KIND_NAMES } from './change-kinds.ts';
import type { RunProps } from './run-types.ts';

type KindRow = RunChanges['kinds'][number];

function useChanges({ program: { program }, run }: RunProps) {
  return useQuery(
    wholeOf(
      { service: 'ledger', path: path`/v1/programs/${program}/payout-runs/${run.runId}/changes` },
      runChangesSchema,
    ),
  );
}

/** What is other than in the run before, in a sentence: a sum that nobody expects is seen before it is signed. */
export function RunChange({ program, run }: RunProps) {
  const { data } = useChanges({ program, run });
  if (data === undefined) {
    return null;
  }
  if (data.previousRun === null) {
    return <p className="quiet">It is the program’s first run.</p>;
  }
  const count = (kind: KindRow['kind']): number => data.kinds.find((one) => one.kind === kind)?.creators ?? 0;
  return (
    <p>
      Compared with <RunLink program={program.program} run={data.previousRun} />:{' '}
      <Amount value={data.difference} currency={run.currency} isChange /> net. {counted(count('new'), 'creator')} paid
      now and not then, {groupCount(count('gone'))} then and not now, {groupCount(count('up'))} get more,{' '}
      {groupCount(count('down'))} less.
    </p>
  );
}

/** The same as a table: by kind, with the way to each creator. */
export function RunChangeSection({ program, run }: RunProps) {
  const changes = useChanges({ program, run });
  const { data } = changes;
  return (
    <Section title="What changed since the run before">
      <Reading of={changes} what="what changed" />
      {data === undefined ? null : data.previousRun === null ? (
        <p className="quiet">It is the program’s first run: there is nothing to compare it with.</p>
      ) : (
        <>
          <p className="quiet">
            Net payouts of this run beside those of <RunLink program={program.program} run={data.previousRun} />, both
            as they were drafted.
          </p>
          <ChangeTable program={program} run={run} changes={data} />
        </>
      )}
    </Section>
  );
}

function ChangeTable({ program, run, changes }: RunProps & { readonly changes: RunChanges }) {
  const columns: readonly TableColumn<KindRow>[] = [
    {
      id: 'kind',
      header: 'Creators who',
      isRowHeader: true,
      cell: ({ kind }) => (
        <Link
          to="/books/$program/runs/$run/changes"
          params={{ program: program.program, run: run.runId }}
          search={{ kind }}
        >
          {KIND_NAMES[kind]}
        </Link>
      ),
    },
    { id: 'creators', header: 'How many', isNumeric: true, cell: ({ creators }) => groupCount(creators) },
    {
      id: 'before',
      header: `Before (${run.currency})`,
      isNumeric: true,
      cell: ({ before }) => <Amount value={before} />,
    },
    { id: 'now', header: 'Now', isNumeric: true, cell: ({ now }) => <Amount value={now} /> },
    {
      id: 'difference',
      header: 'Difference',
      isNumeric: true,
      cell: ({ difference }) => <Amount value={difference} isChange />,
    },
  ];
  return (
    <DataTable
      caption={`What changed since run ${changes.previousRun}`}
      columns={columns}
      rows={changes.kinds}
      rowKey={({ kind }) => kind}
      empty="Nobody is in either run."
      foot={
        <TotalsRow
          columns={columns}
          label="All of them"
          sums={{
            creators: groupCount(changes.kinds.reduce((sum, { creators }) => sum + creators, 0)),
            before: <Amount value={changes.before} />,
            now: <Amount value={changes.now} />,
            difference: <Amount value={changes.difference} isChange />,
          }}
        />
      }
    />
  );
}
