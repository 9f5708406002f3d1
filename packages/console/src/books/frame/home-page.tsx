import { useQuery } from '@tanstack/react-query';
import { Link, Navigate } from '@tanstack/react-router';
import { useStore } from '../../api/store.ts';
import { Name } from '../../blocks/name.tsx';
import { Reading } from '../../blocks/notice.tsx';
import { lastProgram } from '../../shell/last-program.ts';
import { PageTitle } from '../../shell/page-title.tsx';
import { programsQuery } from '../queries.ts';

/** The programs; with one only, that one. */
export function HomePage() {
  const programs = useQuery(programsQuery);
  const items = programs.data?.items ?? [];
  const remembered = useStore(lastProgram);
  const [first] = items;
  const last = items.find(({ program }) => program === remembered);
  const only = last ?? (items.length === 1 ? first : undefined);
  if (only !== undefined) {
    return <Navigate to="/books/$program" params={{ program: only.program }} replace />;
  }
  return (
    <div className="page page-narrow">
      <PageTitle>Programs</PageTitle>
      <Reading of={programs} what="the programs" />
      {programs.data !== undefined && items.length === 0 ? (
        <div className="table-empty">
          There is no program yet. <Link to="/new-program">Make one</Link> from a pack or a policy.
        </div>
      ) : null}
      {items.length === 0 ? null : (
        <p>
          <Link to="/new-program">New program</Link>
        </p>
      )}
      <ul className="tasks">
        {items.map(({ program, name, currency, timeZone, period }) => (
          <li key={program} className="task">
            <Link to="/books/$program" params={{ program }}>
              <Name>{name}</Name>
            </Link>
            <span className="quiet">
              {program}, {currency}, by {period}, {timeZone}
            </span>
          </li>
        ))}
      </ul>
    </div>
  );
}
