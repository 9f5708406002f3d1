import { useQuery } from '@tanstack/react-query';
import { Outlet, useLocation } from '@tanstack/react-router';
import { Failure } from '../blocks/notice.tsx';
import { sessionQuery } from '../session/session.ts';
import { LostBanner } from './lost-banner.tsx';
import { SessionEndedDialog } from './session-ended-dialog.tsx';
import { SignInPage } from './sign-in-page.tsx';
import { TopBar } from './top-bar.tsx';

/** What every page has around it. A page that needs a session shows the sign-in in its place, at its own address. */
export function Shell() {
  const session = useQuery(sessionQuery);
  const isOpenToAll = useLocation({ select: ({ pathname }) => pathname === '/proof' });
  return (
    <>
      <a className="skip-link" href="#content">
        Skip to the contents
      </a>
      <TopBar session={session.data ?? null} />
      <LostBanner />
      <main id="content" tabIndex={-1}>
        {isOpenToAll || session.data ? (
          <Outlet />
        ) : session.isPending ? null : session.isError ? (
          <div className="page page-narrow">
            <Failure error={session.error} what="The console could not start" retry={() => void session.refetch()} />
          </div>
        ) : (
          <SignInPage />
        )}
      </main>
      <SessionEndedDialog />
    </>
  );
}
