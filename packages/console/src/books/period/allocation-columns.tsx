import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import type { AllocationOut } from '@rewardbook/contracts/api/result';
import { Amount, Figures } from '../../blocks/amount.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { groupCount } from '../../format/counts.ts';
import { minorUnits } from '../../format/decimal-text.ts';
import { CreatorLink } from '../links.tsx';

/** Columns of a list of allocations: sorted by the service as far as it can (`isSortable`), or here where all rows are. */
export function allocationColumns({ program, currency }: ProgramOut): TableColumn<AllocationOut>[] {
  return [
    {
      id: 'creator',
      header: 'Creator',
      isRowHeader: true,
      isSortable: true,
      width: 1.6,
      sortKey: ({ creatorId }) => creatorId,
      cell: ({ creatorId }) => <CreatorLink program={program} creator={creatorId} />,
    },
    { id: 'likes', header: 'Net likes', isNumeric: true, cell: ({ netLikes }) => groupCount(netLikes) },
    { id: 'follows', header: 'Net follows', isNumeric: true, cell: ({ netFollows }) => groupCount(netFollows) },
    {
      id: 'points',
      header: 'Points used',
      isNumeric: true,
      isSortable: true,
      cell: ({ points }) => <Figures value={points} />,
    },
    {
      id: 'amount',
      header: `Amount (${currency})`,
      isNumeric: true,
      isSortable: true,
      width: 1.5,
      sortKey: ({ amount }) => minorUnits(currency, amount),
      cell: ({ amount }) => <Amount value={amount} />,
    },
  ];
}
