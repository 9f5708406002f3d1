import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { type DifferenceOut, differenceOutSchema } from '@rewardbook/contracts/api/reconciliation';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { path } from '../../api/client.ts';
import { usePages } from '../../api/pages.ts';
import { Amount, Nothing } from '../../blocks/amount.tsx';
import { Badge } from '../../blocks/badge.tsx';
import { Button } from '../../blocks/button.tsx';
import { Choice } from '../../blocks/field.tsx';
import { Name } from '../../blocks/name.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { PagedTable } from '../../blocks/table/paged-table.tsx';
import { usePerson } from '../../session/session.ts';
import { bookColumns } from './book-columns.tsx';
import { DIFFERENCE_WORDS } from './difference-words.ts';
import { ExplainDifference } from './explain-difference.tsx';

const FILTERS = [
  { value: 'all', text: 'All differences' },
  { value: 'open', text: 'Open only' },
] as const;

export function Differences({ program, period }: { readonly program: ProgramOut; readonly period: string }) {
  const { open } = useSearch({ from: '/books/$program/reconciliation' });
  const navigate = useNavigate({ from: '/books/$program/reconciliation' });
  const person = usePerson();
  const [explained, setExplained] = useState<DifferenceOut>();
  const pages = usePages(
    {
      service: 'ledger',
      path: path`/v1/programs/${program.program}/reconciliations/${period}/differences`,
      query: { open: open === 'yes' ? true : undefined },
    },
    differenceOutSchema,
  );
  const canExplain = person.can('operate');
  const columns = useMemo(() => columnsOf(program, canExplain ? setExplained : undefined), [program, canExplain]);
  return (
    <>
      <div className="filters">
        <Choice
          label="Show"
          value={open === 'yes' ? 'open' : 'all'}
          options={FILTERS}
          onChange={(value) =>
            void navigate({
              search: (before) => ({ ...before, open: value === 'open' ? ('yes' as const) : undefined }),
              replace: true,
              resetScroll: false,
            })
          }
        />
      </div>
      <PagedTable
        what="the differences"
        caption={`Differences between statements and books of ${period}`}
        columns={columns}
        pages={pages}
        rowKey={({ kind, reference, difference }) => JSON.stringify([kind, reference, difference])}
        empty={
          open === 'yes' ? 'No difference is open.' : 'Nothing differs between the imported statements and the books.'
        }
      />
      <ExplainDifference
        program={program}
        period={period}
        difference={explained}
        onClose={() => setExplained(undefined)}
      />
    </>
  );
}

function columnsOf(
  program: ProgramOut,
  onExplain: ((difference: DifferenceOut) => void) | undefined,
): TableColumn<DifferenceOut>[] {
  return [
    { id: 'reference', header: 'Reference', isRowHeader: true, cell: ({ reference }) => <Name>{reference}</Name> },
    { id: 'kind', header: 'Of', cell: ({ kind }) => kind },
    { id: 'difference', header: 'Difference', width: 1.5, cell: ({ difference }) => DIFFERENCE_WORDS[difference] },
    {
      id: 'statement',
      header: 'In the statement',
      isNumeric: true,
      cell: ({ statement, statementLines }) => <StatementLines lines={statement} count={statementLines} />,
    },
    ...bookColumns<DifferenceOut>(program),
    {
      id: 'explanation',
      header: 'Explained',
      width: 1.5,
      cell: (difference) => <ExplanationCell difference={difference} onExplain={onExplain} />,
    },
  ];
}

function StatementLines({ lines, count }: { readonly lines: DifferenceOut['statement']; readonly count: number }) {
  if (lines.length === 0) {
    return <Nothing />;
  }
  return (
    <>
      {lines.map(({ importId, line, amount, currency }) => (
        <div key={`${importId} ${line}`}>
          <Amount value={amount} currency={currency} /> <span className="small quiet">line {line}</span>
        </div>
      ))}
      {count > lines.length ? <div className="small quiet">and {count - lines.length} more lines</div> : null}
    </>
  );
}

function ExplanationCell({
  difference,
  onExplain,
}: {
  readonly difference: DifferenceOut;
  readonly onExplain: ((difference: DifferenceOut) => void) | undefined;
}) {
  const { explanation, reference } = difference;
  if (explanation !== null) {
    return (
      <>
        <Badge tone="good">explained</Badge> <Name>{explanation.note}</Name>{' '}
        <span className="small quiet">
          (<Name>{explanation.by}</Name>)
        </span>
      </>
    );
  }
  return onExplain === undefined ? (
    <Badge tone="warn">open</Badge>
  ) : (
    <Button isSmall onPress={() => onExplain(difference)} label={`Explain ${reference}`}>
      Explain …
    </Button>
  );
}
