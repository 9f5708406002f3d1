import { Link } from '@tanstack/react-router';
import { Children, type ReactNode } from 'react';
import { PageTitle } from './page-title.tsx';

export interface PageProps {
  readonly title: ReactNode;
  readonly titleText?: string;
  /** Pages above this one, each a link. */
  readonly trail?: readonly ReactNode[];
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A page: where it is, its title, what can be done, its contents. */
export function Page({ title, titleText, trail = [], lead, actions, children }: PageProps) {
  return (
    <div className="page">
      <header className="page-head">
        <div>
          {trail.length === 0 ? null : (
            <nav aria-label="Above this page">
              <ol className="trail">
                {Children.map(trail, (step) => (
                  <li>{step}</li>
                ))}
              </ol>
            </nav>
          )}
          <PageTitle {...(titleText === undefined ? {} : { text: titleText })}>{title}</PageTitle>
          {lead === undefined ? null : <div className="quiet">{lead}</div>}
        </div>
        {actions === undefined ? null : <div className="row">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

export function ProgramLink({ program, children }: { readonly program: string; readonly children: ReactNode }) {
  return (
    <Link to="/books/$program" params={{ program }}>
      {children}
    </Link>
  );
}
