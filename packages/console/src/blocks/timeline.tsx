import type { ReactNode } from 'react';

export interface TimelineStep {
  readonly key: string;
  readonly title: ReactNode;
  readonly detail?: ReactNode;
  readonly state: 'done' | 'now' | 'ahead';
}

const STATE_WORDS = { done: 'done', now: 'next', ahead: 'later' };

/** Steps in their order: what was done, what comes next, what is still to come. */
export function Timeline({ label, steps }: { readonly label: string; readonly steps: readonly TimelineStep[] }) {
  return (
    <ol className="timeline" aria-label={label}>
      {steps.map(({ key, title, detail, state }) => (
        <li key={key} data-state={state}>
          {title}
          <span className="visually-hidden"> ({STATE_WORDS[state]})</span>
          {detail === undefined ? null : <span className="timeline-detail">{detail}</span>}
        </li>
      ))}
    </ol>
  );
}
