import type { RowQuery } from '@rewardbook/lab/view/creator-rows';
import type { CreatorChange } from '@rewardbook/simulate/whatif/compare';
import { useCallback, useEffect, useRef, useState } from 'react';
import { askDesk } from '../worker/lab-client.ts';

const ROWS_PER_PAGE = 100;

interface Pages {
  readonly count: number | undefined;
  readonly pages: ReadonlyMap<number, readonly CreatorChange[]>;
}

const NONE: Pages = { count: undefined, pages: new Map() };

/**
 * The creators of the policies that were tried last, page by page as they come into sight. Those of the view before stay until the first
 * page of the new one is there.
 */
export function useRows(query: RowQuery, version: number) {
  const [shown, setShown] = useState<Pages>(NONE);
  const asked = useRef({ version: -1, query, pages: new Set<number>() });
  const read = useCallback((page: number): void => {
    const now = asked.current;
    if (now.pages.has(page)) {
      return;
    }
    now.pages.add(page);
    askDesk({ ask: 'rows', query: now.query, from: page * ROWS_PER_PAGE, count: ROWS_PER_PAGE }).then(
      ({ count, rows }) => {
        if (asked.current === now) {
          setShown((before) => ({
            count,
            pages: new Map(now.pages.size === 1 ? [[page, rows]] : [...before.pages, [page, rows]]),
          }));
        }
      },
      () => now.pages.delete(page), // asked for again when it is looked at
    );
  }, []);
  useEffect(() => {
    if (version > 0) {
      asked.current = { version, query, pages: new Set() };
      read(0);
    }
  }, [version, query, read]);
  return {
    count: shown.count,
    rowAt(index: number): CreatorChange | undefined {
      const page = Math.floor(index / ROWS_PER_PAGE);
      const rows = shown.pages.get(page);
      if (rows === undefined) {
        queueMicrotask(() => read(page)); // not while the page is being made
      }
      return rows?.[index - page * ROWS_PER_PAGE];
    },
  };
}
