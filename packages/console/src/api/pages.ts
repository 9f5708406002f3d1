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
  /** They are of another filter or order of the list; the ones asked for are being read. */
  readonly isStale: boolean;
  /** Rows that were looked through for these, where the list says so. */
  readonly searched: number | null;
  /** The last page ended a search, not the list. */
  readonly isCutShort: boolean;
  readonly pageCount: number;
  /** What the first page says of the whole list. */
  readonly head: { readonly lastSeq?: number | undefined } | undefined;
  loadMore(): void;
  retry(): void;
  /** Reads the list again from its beginning, and forgets the further pages. */
  restart(): void;
}

/** A list that grows page by page on demand. While another filter or order of it is read, the rows before stay. */
export function usePages<Item extends z.ZodType>(
  call: ListCall,
  item: Item,
  pageSize = PAGE_SIZE,
): PagedRows<z.output<Item>> {
  const schema = pageOf(item).extend({ searched: z.int().nullish(), lastSeq: z.int().optional() });
  type Page = RowsPage<z.output<Item>>;
  const queryClient = useQueryClient();
  const queryKey = [call.service, call.path, call.query ?? {}];
  const query = useInfiniteQuery(
    infiniteQueryOptions<Page, Error, InfiniteData<Page>, QueryKey, string | undefined>({
      queryKey,
      queryFn: async ({ pageParam, signal }) => {
        const page = await askJson(
          { ...call, query: { ...call.query, limit: pageSize, cursor: pageParam }, signal },
          schema,
        );
        const { nextCursor, searched = null, lastSeq } = page;
        return { items: page.items as z.output<Item>[], nextCursor, searched, lastSeq };
      },
      initialPageParam: undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
      placeholderData: (before, queryBefore) => (queryBefore?.queryKey[1] === call.path ? before : undefined),
    }),
  );
  const pages = query.data?.pages ?? [];
  const last = pages.at(-1);
  return {
    rows: pages.flatMap(({ items }) => items),
    searched: sumOfSearched(pages),
    pageCount: pages.length,
    isPending: query.isPending,
    error: query.error,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    isStale: query.isPlaceholderData,
    isCutShort: typeof last?.searched === 'number' && last.nextCursor !== null && last.items.length < pageSize,
    head: pages[0],
    loadMore: () => void query.fetchNextPage(),
    retry: () => void query.refetch(),
    restart: () => void queryClient.resetQueries({ queryKey, exact: true }),
  };
}

/** What a service says of all rows of a list under a filter: how many, and their sums. */
export function wholeOf<Schema extends z.ZodType>(call: ListCall, schema: Schema) {
  return queryOptions({
    queryKey: ['whole', call.service, call.path, call.query ?? {}],
    queryFn: ({ signal }) => askJson({ ...call, signal }, schema),
  });
}

interface RowsPage<Row> {
  readonly items: Row[];
  readonly nextCursor: string | null;
  readonly searched: number | null;
  readonly lastSeq: number | undefined;
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
