import type { ReactNode } from 'react';

export interface FigureProps {
  readonly label: string;
  readonly children: ReactNode;
  readonly note?: ReactNode;
}

/** One headline number with what it is. */
export function Figure({ label, children, note }: FigureProps) {
  return (
    <div className="figure">
      <dt>{label}</dt>
      <dd>
        {children}
        {note === undefined ? null : <div className="figure-note">{note}</div>}
      </dd>
    </div>
  );
}

/** Headline numbers, before everything else on a page. */
export function FigureRow({
  children,
  size = 'usual',
}: {
  readonly children: ReactNode;
  /** narrow: six of them side by side, short numbers. */
  readonly size?: 'narrow' | 'usual';
}) {
  return <dl className={size === 'usual' ? 'figures' : `figures figures-${size}`}>{children}</dl>;
}

/** Labels and values, a line each. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="facts">{children}</dl>;
}

export function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}
