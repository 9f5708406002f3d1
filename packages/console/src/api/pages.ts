import { pageOf } from '@rewardbook/contracts/values/cursor';
import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryKey,
  queryOptions,
  useInfiniteQuery,
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
  /** Of a list that is searched row by row: how many were looked at, and whether the last page ended the search, not the list. */
  readonly searched: number;
  readonly isCutShort: boolean;
  /** What the first page says of the whole list. */
  readonly head: { readonly lastSeq?: number | undefined } | undefined;
  loadMore(): void;
  retry(): void;
}

interface ListPage<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
  readonly searched?: number | null | undefined;
  readonly lastSeq?: number | undefined;
}

/** A list that grows page by page on demand. While another filter or order of it is read, the rows before stay. */
export function usePages<Item extends z.ZodType>(call: ListCall, item: Item): PagedRows<z.output<Item>> {
  const schema = pageOf(item).extend({ searched: z.int().nullish(), lastSeq: z.int().optional() });
  type Page = ListPage<z.output<Item>>;
  const query = useInfiniteQuery(
    infiniteQueryOptions<Page, Error, InfiniteData<Page>, QueryKey, string | undefined>({
      queryKey: [call.service, call.path, call.query ?? {}],
      queryFn: async ({ pageParam, signal }) => {
        const page = await askJson(
          { ...call, query: { ...call.query, limit: PAGE_SIZE, cursor: pageParam }, signal },
          schema,
        );
        return { ...page, items: page.items as z.output<Item>[] };
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
    isPending: query.isPending,
    error: query.error,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    isStale: query.isPlaceholderData,
    searched: pages.reduce((sum, { searched }) => sum + (searched ?? 0), 0),
    isCutShort: typeof last?.searched === 'number' && last.nextCursor !== null && last.items.length < PAGE_SIZE,
    head: pages[0],
    loadMore: () => void query.fetchNextPage(),
    retry: () => void query.refetch(),
  };
}

/** What a service says of all rows of a list under a filter: how many, and their sums. */
export function wholeOf<Schema extends z.ZodType>(call: ListCall, schema: Schema) {
  return queryOptions({
    queryKey: ['whole', call.service, call.path, call.query ?? {}],
    queryFn: ({ signal }) => askJson({ ...call, signal }, schema),
  });
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
