import type { Policy } from '@rewardbook/domain/policy/policy';
import { groupDigits, percentOf } from '../../format/decimal-text.ts';
import { documentOf, isObject, type PolicyDocument } from '../state/policy-document.ts';
import { labelOf, METHOD_NAMES } from './policy-fields.ts';

/** A setting that differs. */
export interface SettingChange {
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

const PERCENTS = new Set(['revenueShare', 'allocation.maxShare', 'payout.holdback.share']);
/** They decide which events count: these are judged again. */
const JUDGING = /^(risk|maxLatePeriods)\b/;

/** Each setting in which two policies differ, by its path. */
export function changesBetween(before: Policy, after: Policy): SettingChange[] {
  return differences('', documentOf(before), documentOf(after));
}

function differences(prefix: string, before: PolicyDocument, after: PolicyDocument): SettingChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const path = prefix === '' ? key : `${prefix}.${key}`;
    const [a, b] = [before[key], after[key]];
    if (isObject(a) && isObject(b)) {
      return differences(path, a, b);
    }
    return JSON.stringify(a) === JSON.stringify(b)
      ? []
      : [{ path, before: valueText(path, a), after: valueText(path, b) }];
  });
}

/** "What changes" before anything is worked out. */
export function describeChanges(changes: readonly SettingChange[]): string {
  if (changes.length === 0) {
    return 'No difference: the candidate is the baseline.';
  }
  const parts = changes.map(({ path, before, after }) => `${labelOf(path)}: ${before} → ${after}`);
  const judged = changes.some(({ path }) => JUDGING.test(path)) ? ' Events are judged again by these rules.' : '';
  return `The candidate changes ${changes.length === 1 ? 'one setting' : `${changes.length} settings`}. ${parts.join('; ')}.${judged}`;
}

function valueText(path: string, value: unknown): string {
  if (value === undefined) {
    return 'none';
  }
  if (typeof value === 'string') {
    if (PERCENTS.has(path)) {
      return percentOf(value);
    }
    return /^-?\d+(\.\d+)?$/.test(value) ? groupDigits(value) : (METHOD_NAMES[value]?.split(':')[0] ?? value);
  }
  if (typeof value === 'number') {
    return groupDigits(String(value));
  }
  if (typeof value === 'boolean') {
    return value ? 'yes' : 'no';
  }
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) {
    return value.length === 0 ? 'none' : value.length > 5 ? `${value.length} of them` : value.join(', ');
  }
  return JSON.stringify(value);
}
