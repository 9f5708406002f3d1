import type { ReactNode } from 'react';
import { ApiProblem, adviceFor, describeError } from '../api/problems.ts';
import type { Tone } from './badge.tsx';
import { Button } from './button.tsx';

export interface NoticeProps {
  readonly tone: Tone;
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
  readonly isBanner?: boolean;
}

/** Something that a person should know; read out where it appears while they work. */
export function Notice({ tone, title, children, action, isBanner = false }: NoticeProps) {
  return (
    <div className={`notice tone-${tone}${isBanner ? ' banner' : ''}`} role={tone === 'bad' ? 'alert' : 'status'}>
      <div>
        <strong>{title}</strong>
        {children === undefined ? null : <div>{children}</div>}
      </div>
      {action}
    </div>
  );
}

/** What failed, what to do, and a button to try again. */
export function Failure({ error, what, retry }: { readonly error: unknown; readonly what: string; retry?(): void }) {
  const requestId = error instanceof ApiProblem ? error.requestId : undefined;
  return (
    <Notice tone="bad" title={what} action={retry === undefined ? null : <Button onPress={retry}>Try again</Button>}>
      {describeError(error)} {adviceFor(error)}
      {requestId === undefined ? null : <span className="small quiet"> Request {requestId}.</span>}
    </Notice>
  );
}

/** Shown while something is read for the first time. */
export function Pending({ what }: { readonly what: string }) {
  return (
    <p className="pending" role="status">
      Reading {what} …
    </p>
  );
}

export interface ReadingProps {
  readonly of: {
    readonly isPending: boolean;
    readonly isError: boolean;
    readonly error: unknown;
    refetch(): unknown;
  };
  readonly what: string;
  /** Said where it failed (default: "Could not read" and what). */
  readonly failure?: string;
}

/** What a query shows until it has something to show: that it is being read, or why it could not be. */
export function Reading({ of: query, what, failure = `Could not read ${what}` }: ReadingProps) {
  if (query.isPending) {
    return <Pending what={what} />;
  }
  return query.isError ? <Failure error={query.error} what={failure} retry={() => void query.refetch()} /> : null;
}
