import type { ReactNode } from 'react';

export type Tone = 'good' | 'warn' | 'bad' | 'info' | 'quiet';

const SHAPES: Readonly<Record<Tone, string>> = {
  good: 'M1.5 6.5l3 3 6-7',
  warn: 'M6 1.5v5.5M6 9.6v.9',
  bad: 'M2 2l8 8M10 2l-8 8',
  info: 'M6 1.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9',
  quiet: 'M2 6h8',
};

/** A state: a shape, a word and a colour, so that none is needed alone. */
export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className={`badge tone-${tone}`}>
      <svg
        viewBox="0 0 12 12"
        aria-hidden="true"
        fill="none"
        stroke="currentColor"
        strokeWidth="2"
        strokeLinecap="round"
      >
        <path d={SHAPES[tone]} />
      </svg>
      {children}
    </span>
  );
}

const TONES: Readonly<Record<string, Tone>> = {
  open: 'info',
  closing: 'warn',
  closed: 'good',
  draft: 'warn',
  approved: 'info',
  exported: 'info',
  settled: 'good',
  discarded: 'quiet',
  returned: 'bad',
  waiting: 'warn',
  due: 'info',
  projected: 'quiet',
  'projected-waiting': 'quiet',
  pending: 'warn',
  executed: 'good',
  rejected: 'quiet',
  failed: 'bad',
  working: 'good',
  expired: 'quiet',
  revoked: 'quiet',
  'no-statement': 'quiet',
  resolved: 'info',
  reconciled: 'good',
};

const WORDS: Readonly<Record<string, string>> = {
  'projected-waiting': 'would wait',
  projected: 'would be paid',
  'no-statement': 'no statement',
};

/** The status that a service gives a period, run, payout, request or key. */
export function StatusBadge({ status }: { readonly status: string }) {
  return <Badge tone={TONES[status] ?? 'quiet'}>{WORDS[status] ?? status}</Badge>;
}
