import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import type { ReconciliationOut } from '@rewardbook/contracts/api/reconciliation';
import { useQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { StatusBadge } from '../../blocks/badge.tsx';
import { Button } from '../../blocks/button.tsx';
import { Choice } from '../../blocks/field.tsx';
import { Figure, FigureRow } from '../../blocks/figures.tsx';
import { Instant } from '../../blocks/instant.tsx';
import { Hash, Name } from '../../blocks/name.tsx';
import { Failure, Pending, Reading } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { groupCount } from '../../format/counts.ts';
import { readablePeriod } from '../../format/time.ts';
import { Page } from '../../shell/page.tsx';
import { reconciliationQuery } from '../program/queries.ts';
import { programStep } from '../program-trail.tsx';
import { periodsQuery } from '../queries.ts';
import { useProgram } from '../use-program.ts';
import { Differences } from './differences.tsx';
import { ImportStatement } from './import-statement.tsx';
import { MarkReconciled } from './mark-reconciled.tsx';
import { StatementLines } from './statement-lines.tsx';

/** Books against the statements of ad platforms and banks: explain each difference, down to zero, and mark. */
export function ReconciliationPage() {
  const program = useProgram();
  const { period } = useSearch({ from: '/books/$program/reconciliation' });
  const navigate = useNavigate({ from: '/books/$program/reconciliation' });
  const periods = useQuery(periodsQuery(program.program));
  const labels = [...(periods.data?.items ?? [])].reverse().map((one) => one.period);
  const shown = period ?? labels[0];
  const options = shown === undefined || labels.includes(shown) ? labels : [shown, ...labels];
  return (
    <Page
      trail={[programStep(program)]}
      title="Reconciliation"
      lead="Statements are compared with the books by reference: revenue against what the ad platform pays for, settlements against the bank account."
    >
      <Reading of={periods} what="the periods" />
      {periods.data !== undefined && shown === undefined ? (
        <div className="table-empty">No period has revenue yet: there is nothing to reconcile.</div>
      ) : null}
      {shown === undefined ? null : (
        <>
          <div className="filters">
            <Choice
              label="Period"
              value={shown}
              options={options.map((one) => ({ value: one, text: readablePeriod(one) }))}
              onChange={(chosen) => void navigate({ search: { period: chosen === labels[0] ? undefined : chosen } })}
            />
          </div>
          <PeriodReconciliation program={program} period={shown} />
        </>
      )}
    </Page>
  );
}

function PeriodReconciliation({ program, period }: { readonly program: ProgramOut; readonly period: string }) {
  const reconciliation = useQuery(reconciliationQuery(program.program, period));
  const { statement } = useSearch({ from: '/books/$program/reconciliation' });
  const navigate = useNavigate({ from: '/books/$program/reconciliation' });
  if (reconciliation.isLoadingError) {
    return (
      <Failure
        error={reconciliation.error}
        what={`Could not compare ${readablePeriod(period)}`}
        retry={() => void reconciliation.refetch()}
      />
    );
  }
  const found = reconciliation.data;
  const shown = found?.statements.find(({ importId }) => String(importId) === statement);
  return found === undefined ? (
    <Pending what="statements and books" />
  ) : (
    <>
      <Counts found={found} />
      <MarkReconciled program={program} period={period} found={found} />
      <Section title="Differences">
        <Differences program={program} period={period} />
      </Section>
      <Section title="Statements">
        <ImportStatement program={program} period={period} />
        <DataTable
          caption={`Statements of ${readablePeriod(period)} that count`}
          columns={statementColumns(
            program.timeZone,
            (importId) =>
              void navigate({
                search: (before) => ({ ...before, statement: String(importId) }),
                resetScroll: false,
              }),
          )}
          rows={found.statements}
          rowKey={({ importId }) => String(importId)}
          empty={`No statement is imported for ${readablePeriod(period)}.`}
        />
        {shown === undefined ? null : <StatementLines program={program} period={period} statement={shown} />}
      </Section>
    </>
  );
}

function Counts({ found }: { readonly found: ReconciliationOut }) {
  return (
    <FigureRow>
      <Figure label="Open" note="differences that nobody has explained">
        {groupCount(found.open)}
      </Figure>
      <Figure label="Explained">{groupCount(found.explained)}</Figure>
      <Figure label="Agree" note="references">
        {groupCount(found.matched)}
      </Figure>
      <Figure label="Status">
        <StatusBadge status={found.status} />
      </Figure>
    </FigureRow>
  );
}

function statementColumns(
  timeZone: string,
  onShow: (importId: number) => void,
): TableColumn<ReconciliationOut['statements'][number]>[] {
  return [
    { id: 'source', header: 'Source', isRowHeader: true, cell: ({ source }) => <Name>{source}</Name> },
    { id: 'kind', header: 'Kind', cell: ({ kind }) => kind },
    { id: 'lines', header: 'Lines', isNumeric: true, cell: ({ lines }) => groupCount(lines) },
    {
      id: 'show',
      header: 'Line by line',
      cell: ({ importId, source }) => (
        <Button isSmall onPress={() => onShow(importId)} label={`Show the lines of ${source}`}>
          Show the lines
        </Button>
      ),
    },
    { id: 'by', header: 'Imported by', cell: ({ importedBy }) => <Name>{importedBy}</Name> },
    { id: 'at', header: 'Imported', cell: ({ importedAt }) => <Instant at={importedAt} timeZone={timeZone} /> },
    { id: 'hash', header: 'File (SHA-256)', cell: ({ fileSha256 }) => <Hash>{fileSha256}</Hash> },
  ];
}
