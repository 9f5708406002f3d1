import { pageOf } from '@rewardbook/contracts/values/cursor';
import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryKey,
  queryOptions,
  useInfiniteQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { z } from 'zod';
import { type ApiCall, askJson } from './client.ts';

const PAGE_SIZE = 200;
const MAX_PAGE_SIZE = 1000;
const MAX_PAGES = 20;

type ListCall = Pick<ApiCall, 'service' | 'path' | 'query'>;

/** Rows of a list, page by page. */
export interface PagedRows<Row> {
  readonly rows: readonly Row[];
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly hasMore: boolean;
  readonly isLoadingMore: boolean;
  /** Rows that were looked through for these, where the list says so. */
  readonly searched: number | null;
  readonly pageCount: number;
  loadMore(): void;
  retry(): void;
  /** Reads the list again from its beginning, and forgets the further pages. */
  restart(): void;
}

/** A list that grows page by page on demand. */
export function usePages<Item extends z.ZodType>(
  call: ListCall,
  item: Item,
  pageSize = PAGE_SIZE,
): PagedRows<z.output<Item>> {
  const schema = pageOf(item).extend({ searched: z.int().nullish() });
  const queryClient = useQueryClient();
  const queryKey = [call.service, call.path, call.query ?? {}];
  const query = useInfiniteQuery(
    infiniteQueryOptions<
      RowsPage<z.output<Item>>,
      Error,
      InfiniteData<RowsPage<z.output<Item>>>,
      QueryKey,
      string | undefined
    >({
      queryKey,
      queryFn: async ({ pageParam, signal }) => {
        const page = await askJson(
          { ...call, query: { ...call.query, limit: pageSize, cursor: pageParam }, signal },
          schema,
        );
        const { nextCursor, searched = null } = page;
        return { items: page.items as z.output<Item>[], nextCursor, searched };
      },
      initialPageParam: undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    }),
  );
  return {
    rows: query.data?.pages.flatMap(({ items }) => items) ?? [],
    searched: sumOfSearched(query.data?.pages ?? []),
    pageCount: query.data?.pages.length ?? 0,
    isPending: query.isPending,
    error: query.error,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
    retry: () => void query.refetch(),
    restart: () => void queryClient.resetQueries({ queryKey, exact: true }),
  };
}

interface RowsPage<Row> {
  readonly items: Row[];
  readonly nextCursor: string | null;
  readonly searched: number | null;
}

function sumOfSearched(pages: readonly RowsPage<unknown>[]): number | null {
  const counts = pages.flatMap(({ searched }) => (searched === null ? [] : [searched]));
  return counts.length === 0 ? null : counts.reduce((sum, count) => sum + count, 0);
}

/** All items of a list that people keep short: runs, periods, keys. It ends after 20,000, and then says so. */
export function wholeList<Item extends z.ZodType>(call: ListCall, item: Item) {
  const schema = pageOf(item);
  return queryOptions({
    queryKey: ['all', call.service, call.path, call.query ?? {}],
    queryFn: async ({ signal }) => {
      const items: z.output<Item>[] = [];
      let cursor: string | undefined;
      for (let pages = 0; pages < MAX_PAGES; pages += 1) {
        const page = await askJson({ ...call, query: { ...call.query, limit: MAX_PAGE_SIZE, cursor }, signal }, schema);
        items.push(...(page.items as z.output<Item>[]));
        if (page.nextCursor === null) {
          return { items, isWhole: true };
        }
        cursor = page.nextCursor;
      }
      return { items, isWhole: false };
    },
  });
}
