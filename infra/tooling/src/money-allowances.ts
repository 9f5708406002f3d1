import type { Violation } from './violation.ts';

/** A finding that is right as it is, with the reason. */
export interface Allowance {
  readonly rule: string;
  readonly file: string;
  /** part of the finding's detail; '' is all of the file's */
  readonly detail: string;
  readonly reason: string;
}

export const ALLOWANCES: readonly Allowance[] = [
  {
    rule: 'money-in-number',
    file: 'packages/money/src/split/quotas.ts',
    detail: '',
    reason: 'float64 estimates with a proven bound; what they cannot decide is divided as bigints',
  },
  {
    rule: 'no-money-conversion',
    file: 'packages/money/src/split/quotas.ts',
    detail: 'pool is made',
    reason: 'as above',
  },
  {
    rule: 'no-money-conversion',
    file: 'packages/money/src/split/weights.ts',
    detail: 'weight is made',
    reason: 'the estimates that quotas.ts uses',
  },
  {
    rule: 'money-in-number',
    file: 'packages/domain/src/close/measures.ts',
    detail: '',
    reason: 'Theil’s T is irrational: a statistic in float64',
  },
  {
    rule: 'no-money-conversion',
    file: 'packages/lab/src/view/size-bins.ts',
    detail: 'minorUnits is made',
    reason: 'the logarithm of an amount chooses its bin on a drawing: a statistic',
  },
  {
    rule: 'utf8-order',
    file: 'packages/domain/src/values/utf8-order.ts',
    detail: 'sorts',
    reason: 'without surrogates both orders are the same',
  },
  {
    rule: 'utf8-order',
    file: 'packages/domain/src/values/canonical-json.ts',
    detail: 'sorts',
    reason: 'RFC 8785 orders keys by UTF-16 code units',
  },
  {
    rule: 'utf8-order',
    file: 'packages/db/src/schema-files.ts',
    detail: 'sorts',
    reason: 'our own file names, in ASCII',
  },
  {
    rule: 'utf8-order',
    file: 'packages/cli/src/terminal/period-result.ts',
    detail: '',
    reason: 'amounts of equal length, in digits',
  },
  {
    rule: 'money-in-number',
    file: 'packages/replay/src/tally.ts',
    detail: 'share holds',
    reason: 'of latencies: a percentile',
  },
  {
    rule: 'money-in-number',
    file: 'packages/cli/src/commands/replay/replay-file.ts',
    detail: 'rate holds',
    reason: 'events a second',
  },
  {
    rule: 'money-in-number',
    file: 'services/ledger/src/close/sql/commit.ts',
    detail: 'allocations holds',
    reason: 'how many were staged',
  },
  {
    rule: 'money-in-number',
    file: 'services/ledger/src/close/stage-close.ts',
    detail: 'allocations holds',
    reason: 'how many were staged',
  },
  {
    rule: 'no-write-by-name',
    file: 'packages/runtime/src/closed-prototypes.ts',
    detail: 'Object.defineProperty',
    reason: 'makes __proto__ throw',
  },
];

/** Findings that are not allowed, and allowances that nothing needs any more. */
export function withoutAllowed(
  found: readonly Violation[],
  allowances: readonly Allowance[],
): { readonly violations: Violation[]; readonly unused: Allowance[] } {
  const covers = (allowance: Allowance, violation: Violation): boolean =>
    allowance.rule === violation.rule &&
    allowance.file === violation.file &&
    violation.detail.includes(allowance.detail);
  return {
    violations: found.filter((violation) => !allowances.some((allowance) => covers(allowance, violation))),
    unused: allowances.filter((allowance) => !found.some((violation) => covers(allowance, violation))),
  };
}
