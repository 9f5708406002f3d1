import type { FoundUnderPolicy } from '@rewardbook/lab/answer/search-manipulations';
import { groupedCount, renderTable } from '../../terminal/table.ts';

/** What a search for manipulations found, for people. */
export function describeSearch(found: readonly FoundUnderPolicy[]): string {
  const table = renderTable(
    [
      { title: 'policy' },
      { title: 'manipulation' },
      { title: 'pays' },
      { title: 'worlds', align: 'right' },
      { title: 'of', align: 'right' },
      { title: 'largest gain, of the pool', align: 'right' },
      { title: 'most per fake viewer', align: 'right' },
    ],
    found.map(({ policy, manipulation, gained, trials, largestGain, perViewer }) => [
      policy,
      manipulation,
      gained > 0 ? 'yes' : 'not found',
      groupedCount(gained),
      groupedCount(trials),
      largestGain,
      perViewer ?? '-',
    ]),
  );
  return (
    `${table}Per fake viewer: the most that one moved, in even parts of the pool per viewer; above 1 it is more than an honest viewer's\n` +
    `part. Worlds are small and random; --json has the world of each largest gain.\n`
  );
}
