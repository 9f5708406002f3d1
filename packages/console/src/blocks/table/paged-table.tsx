import type { PagedRows } from '../../api/pages.ts';
import { groupCount } from '../../format/counts.ts';
import { Failure, Pending } from '../notice.tsx';
import { DataTable, type DataTableProps } from './data-table.tsx';

export interface PagedTableProps<Row>
  extends Omit<
    DataTableProps<Row>,
    'rows' | 'hasMore' | 'isLoadingMore' | 'onMore' | 'isStale' | 'searchNote' | 'isSortedByService'
  > {
  readonly pages: PagedRows<Row>;
  /** What is read, as "the journal". */
  readonly what: string;
}

/** A list that is read page by page. */
export function PagedTable<Row extends object>({ pages, what, ...rest }: PagedTableProps<Row>) {
  if (pages.error !== null && pages.rows.length === 0) {
    return <Failure error={pages.error} what={`Could not read ${what}`} retry={pages.retry} />;
  }
  if (pages.isPending) {
    return <Pending what={what} />;
  }
  return (
    <>
      {pages.error === null ? null : (
        <Failure error={pages.error} what={`Could not read more of ${what}`} retry={pages.loadMore} />
      )}
      <DataTable
        {...rest}
        rows={pages.rows}
        isSortedByService
        isStale={pages.isStale}
        searchNote={pages.isCutShort ? `searched ${groupCount(pages.searched ?? 0)}` : undefined}
        hasMore={pages.hasMore}
        isLoadingMore={pages.isLoadingMore}
        onMore={pages.loadMore}
      />
    </>
  );
}
