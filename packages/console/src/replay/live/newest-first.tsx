import { useEffect, useRef } from 'react';
import type { PagedRows } from '../../api/pages.ts';
import { Button } from '../../blocks/button.tsx';
import { groupCount } from '../../format/counts.ts';

/** Changes that come together are read together. */
const TOGETHER_MS = 1_000;

/**
 * Keeps a list, newest first, as of now: its first page is read again whenever `newest` changes. Once further pages were read it
 * stays unchanged, and a button says that there is more.
 */
export function NewestFirst({
  pages,
  newest,
  isOn,
}: {
  readonly pages: PagedRows<object>;
  readonly newest: string | null | undefined;
  readonly isOn: boolean;
}) {
  const shown = useRef(newest);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const isBehind = isOn && newest !== undefined && newest !== shown.current;
  const follows = isBehind && pages.pageCount <= 1;
  const { retry, restart } = pages;
  useEffect(() => {
    if (follows && timer.current === undefined) {
      timer.current = setTimeout(() => {
        timer.current = undefined;
        shown.current = newest;
        retry();
      }, TOGETHER_MS);
    }
  });
  useEffect(() => () => clearTimeout(timer.current), []);
  if (!isBehind || pages.pageCount <= 1) {
    return null;
  }
  return (
    <div>
      <Button
        isSmall
        onPress={() => {
          shown.current = newest;
          restart();
        }}
      >
        Newer ones have arrived: show them
      </Button>
    </div>
  );
}

/** What a list says where it looked through some rows and not through all. */
export function searchedNote(
  { searched, hasMore }: Pick<PagedRows<object>, 'searched' | 'hasMore'>,
  what: string,
): string | undefined {
  return searched === null
    ? undefined
    : `${hasMore ? 'searched the last' : 'searched all'} ${groupCount(searched)} ${what}`;
}
