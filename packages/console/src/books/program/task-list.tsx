import { Link } from '@tanstack/react-router';
import { Badge } from '../../blocks/badge.tsx';
import type { Task, TaskPlace } from './tasks.ts';

export function TaskList({ program, tasks }: { readonly program: string; readonly tasks: readonly Task[] }) {
  if (tasks.length === 0) {
    return <div className="table-empty">Nothing waits for anybody.</div>;
  }
  return (
    <ul className="tasks">
      {tasks.map(({ key, tone, label, text, place }) => (
        <li key={key} className="task">
          <Badge tone={tone}>{label}</Badge>
          <span dir="auto">{text}</span>
          <PlaceLink program={program} place={place} />
        </li>
      ))}
    </ul>
  );
}

function PlaceLink({ program, place }: { readonly program: string; readonly place: TaskPlace }) {
  switch (place.kind) {
    case 'period':
      return (
        <Link to="/books/$program/periods/$period" params={{ program, period: place.period }}>
          Open {place.period}
        </Link>
      );
    case 'run':
      return (
        <Link to="/books/$program/runs/$run" params={{ program, run: place.run }}>
          Open {place.run}
        </Link>
      );
    case 'reconciliation':
      return (
        <Link to="/books/$program/reconciliation" params={{ program }} search={{ period: place.period }}>
          Reconcile {place.period}
        </Link>
      );
    case 'runs':
      return (
        <Link to="/books/$program/runs" params={{ program }}>
          Payout runs
        </Link>
      );
    case 'approvals':
      return (
        <Link to="/books/$program/approvals" params={{ program }}>
          Approvals
        </Link>
      );
    case 'creators':
      return (
        <Link to="/books/$program/creators" params={{ program }}>
          Creators
        </Link>
      );
  }
}
