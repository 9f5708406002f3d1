import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useParams } from '@tanstack/react-router';
import { useStore } from '../../api/store.ts';
import { useFollowBooks } from '../../live/follow-books.ts';
import { lastProgram } from '../../shell/last-program.ts';
import { pendingRequestsQuery } from '../queries.ts';
import { FoundProgram } from './found-program.tsx';
import { ProgramChooser } from './program-chooser.tsx';

/** The books of a program: its sections at the side, one of them shown. */
export function ProgramFrame() {
  const { program } = useParams({ from: '/books/$program' });
  useFollowBooks(program);
  return (
    <div className="frame">
      <Sidebar program={program} />
      <FoundProgram program={program}>
        <Outlet />
      </FoundProgram>
    </div>
  );
}

/** Pages of all programs, next to the sections of the program that was looked at last. */
export function AllProgramsFrame() {
  const program = useStore(lastProgram);
  return (
    <div className={program === undefined ? 'frame frame-single' : 'frame'}>
      {program === undefined ? null : <Sidebar program={program} />}
      <Outlet />
    </div>
  );
}

function Sidebar({ program }: { readonly program: string }) {
  return (
    <aside className="sidebar" aria-label="Program">
      <ProgramChooser program={program} part="/books/$program" />
      <Sections program={program} />
    </aside>
  );
}

function Sections({ program }: { readonly program: string }) {
  const pending = useQuery(pendingRequestsQuery(program));
  const waiting = pending.data?.items.length ?? 0;
  const params = { program };
  return (
    <nav aria-label="Books">
      <ul className="sections">
        <li>
          <Link to="/books/$program" params={params} activeOptions={{ exact: true }}>
            Overview
          </Link>
        </li>
        <li>
          <Link to="/books/$program/runs" params={params}>
            Payout runs
          </Link>
        </li>
        <li>
          <Link to="/books/$program/creators" params={params}>
            Creators
          </Link>
        </li>
        <li>
          <Link to="/books/$program/approvals" params={params}>
            Approvals
            {waiting === 0 ? null : (
              <span className="badge tone-warn">
                {waiting}
                <span className="visually-hidden"> waiting</span>
              </span>
            )}
          </Link>
        </li>
        <li>
          <Link to="/books/$program/reconciliation" params={params}>
            Reconciliation
          </Link>
        </li>
        <li>
          <Link to="/books/$program/journal" params={params}>
            Journal
          </Link>
        </li>
        <li>
          <Link to="/books/$program/balances" params={params}>
            Trial balance
          </Link>
        </li>
        <li>
          <Link to="/books/$program/integrity" params={params}>
            Integrity
          </Link>
        </li>
        <li>
          <Link to="/books/$program/cash" params={params}>
            Cash and tax
          </Link>
        </li>
        <li>
          <Link to="/books/$program/policy" params={params}>
            Policy
          </Link>
        </li>
        <li className="sections-title">All programs</li>
        <li>
          <Link to="/audit-log">Audit log</Link>
        </li>
        <li>
          <Link to="/keys">Keys</Link>
        </li>
        <li>
          <Link to="/new-program">New program</Link>
        </li>
      </ul>
    </nav>
  );
}
