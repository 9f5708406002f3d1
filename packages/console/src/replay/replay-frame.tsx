import { Link, Outlet, useParams } from '@tanstack/react-router';
import { FoundProgram } from '../books/frame/found-program.tsx';
import { ProgramChooser } from '../books/frame/program-chooser.tsx';

/** What testers do with a program: its pages, one of them shown. */
export function ReplayFrame() {
  const { program } = useParams({ from: '/replay/$program' });
  const params = { program };
  return (
    <div className="frame">
      <aside className="sidebar" aria-label="Program">
        <ProgramChooser program={program} part="/replay/$program" />
        <nav aria-label="Replay">
          <ul className="sections">
            <li>
              <Link to="/replay/$program" params={params} activeOptions={{ exact: true, includeSearch: false }}>
                Live
              </Link>
            </li>
            <li>
              <Link to="/replay/$program/runs" params={params}>
                Runs
              </Link>
            </li>
            <li>
              <Link to="/replay/$program/diff" params={params}>
                Diff
              </Link>
            </li>
          </ul>
        </nav>
      </aside>
      <FoundProgram program={program}>
        <Outlet />
      </FoundProgram>
    </div>
  );
}
