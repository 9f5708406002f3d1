import type { SessionOut } from '@rewardbook/contracts/api/access/session';
import { Link } from '@tanstack/react-router';
import { useStore } from '../api/store.ts';
import { lastProgram } from './last-program.ts';
import { PersonMenu } from './person-menu.tsx';
import { ThemeMenu } from './theme-menu.tsx';

export function TopBar({ session }: { readonly session: SessionOut | null }) {
  const program = useStore(lastProgram);
  return (
    <header className="topbar">
      <Link to="/" className="wordmark" activeOptions={{ exact: true }} activeProps={{}}>
        <img src="/icon.svg" alt="" width="24" height="24" />
        Rewardbook
      </Link>
      <nav className="parts" aria-label="Parts of the console">
        {session === null ? null : <Link to="/lab">Lab</Link>}
        {session === null ? null : program === undefined ? (
          <Link to="/">Books</Link>
        ) : (
          <>
            <Link to="/books/$program" params={{ program }}>
              Books
            </Link>
            <Link to="/replay/$program" params={{ program }}>
              Replay
            </Link>
          </>
        )}
        <Link to="/proof">Check a payout</Link>
      </nav>
      <div className="topbar-end">
        <ThemeMenu />
        {session === null ? null : <PersonMenu session={session} />}
      </div>
    </header>
  );
}
