import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { AmountOrDash, Nothing } from '../../blocks/amount.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { EntryLink } from '../links.tsx';

/** What the books have under a reference. */
interface BookSide {
  readonly bookAmount: string | null;
  readonly bookEntries: readonly string[];
}

/** What the books say, next to what a statement says. */
export function bookColumns<Row extends BookSide>({
  program,
  currency,
}: Pick<ProgramOut, 'program' | 'currency'>): TableColumn<Row>[] {
  return [
    {
      id: 'books',
      header: `In the books (${currency})`,
      isNumeric: true,
      cell: ({ bookAmount }) => <AmountOrDash value={bookAmount} />,
    },
    {
      id: 'entries',
      header: 'Entries',
      cell: ({ bookEntries }) =>
        bookEntries.length === 0 ? (
          <Nothing />
        ) : (
          bookEntries.map((entryKey) => (
            <div key={entryKey}>
              <EntryLink program={program} entryKey={entryKey} />
            </div>
          ))
        ),
    },
  ];
}
