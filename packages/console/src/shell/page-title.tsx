import { useRouterState } from '@tanstack/react-router';
import { type ReactNode, useEffect, useRef } from 'react';

let shownPage: string | undefined;

export interface PageTitleProps {
  readonly children: ReactNode;
  /** Of the browser's window, where the title is no plain text. */
  readonly text?: string;
}

/** The heading of a page. Focus goes there when a link leads to the page: people hear where they are. */
export function PageTitle({ children, text }: PageTitleProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // Not the location itself: that is ahead of what is shown, as long as the next page is loaded.
  const pathname = useRouterState({ select: ({ resolvedLocation }) => resolvedLocation?.pathname });
  const title = text ?? (typeof children === 'string' ? children : '');
  useEffect(() => {
    document.title = title === '' ? 'Rewardbook' : `${title} · Rewardbook`;
  }, [title]);
  useEffect(() => {
    // Another page of the same kind is another page; the first one after loading leaves focus where the browser put it.
    if (pathname !== undefined && shownPage !== undefined && shownPage !== pathname) {
      heading.current?.focus({ preventScroll: true });
    }
    shownPage = pathname ?? shownPage;
  }, [pathname]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}
