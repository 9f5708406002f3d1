import type { BooksLive } from '@rewardbook/contracts/api/live/books';
import { type Query, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { useLiveBooks } from './use-live.ts';

/** Changes that come together are read together. */
const TOGETHER_MS = 300;

/** Reads what is shown of a program's books again whenever they have changed, whoever changed them. */
export function useFollowBooks(program: string): void {
  const { parts } = useLiveBooks(program);
  const queryClient = useQueryClient();
  const now = versionOf(parts);
  const seen = useRef<{ readonly program: string; readonly version: string } | undefined>(undefined);
  useEffect(() => {
    if (now === undefined) {
      return undefined;
    }
    const before = seen.current;
    seen.current = { program, version: now };
    if (before === undefined || before.program !== program || before.version === now) {
      return undefined;
    }
    const timer = setTimeout(() => void queryClient.invalidateQueries({ predicate: isFollowed }), TOGETHER_MS);
    return () => {
      clearTimeout(timer);
      // Not done yet: the next change does it.
      seen.current = before;
    };
  }, [now, program, queryClient]);
}

/** Changes with what the pages of the books show, and not while a close or a verification only goes on. */
function versionOf({ journal, closes, close, runs, approvals, verify }: Partial<BooksLive>): string | undefined {
  if (journal === undefined) {
    return undefined;
  }
  const closing = close && [close.period, close.failure];
  return JSON.stringify([journal, closes, closing, runs, approvals, verify && [verify.run, verify.state]]);
}

/** A closed period's result never changes, a dry run is asked for by a person, and further pages of a list stay where they are. */
function isFollowed({ queryKey: [first, second], state }: Query): boolean {
  const isOfBooks = first === 'ledger' || first === 'reports' || first === 'all';
  const isLong = isPages(state.data) && state.data.pages.length > 1;
  return isOfBooks && second !== 'result' && second !== 'dry-run' && !isLong;
}

function isPages(data: unknown): data is { readonly pages: readonly unknown[] } {
  return typeof data === 'object' && data !== null && 'pages' in data && Array.isArray(data.pages);
}
