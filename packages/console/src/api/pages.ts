import { pageOf } from '@rewardbook/contracts/values/cursor';
import {
  type InfiniteData,
  infiniteQueryOptions,
  type QueryKey,
  queryOptions,
  useInfiniteQuery,
} from '@tanstack/react-query';
import type { z } from 'zod';
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
  loadMore(): void;
  retry(): void;
}

/** A list that grows page by page on demand. */
export function usePages<Item extends z.ZodType>(call: ListCall, item: Item): PagedRows<z.output<Item>> {
  const schema = pageOf(item);
  const query = useInfiniteQuery(
    infiniteQueryOptions<
      { items: z.output<Item>[]; nextCursor: string | null },
      Error,
      InfiniteData<{ items: z.output<Item>[]; nextCursor: string | null }>,
      QueryKey,
      string | undefined
    >({
      queryKey: [call.service, call.path, call.query ?? {}],
      queryFn: async ({ pageParam, signal }) => {
        const page = await askJson(
          { ...call, query: { ...call.query, limit: PAGE_SIZE, cursor: pageParam }, signal },
          schema,
        );
        return { items: page.items as z.output<Item>[], nextCursor: page.nextCursor };
      },
      initialPageParam: undefined,
      getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    }),
  );
  return {
    rows: query.data?.pages.flatMap(({ items }) => items) ?? [],
    isPending: query.isPending,
    error: query.error,
    hasMore: query.hasNextPage,
    isLoadingMore: query.isFetchingNextPage,
    loadMore: () => void query.fetchNextPage(),
    retry: () => void query.refetch(),
  };
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
