import type { Policy } from '@rewardbook/domain/policy';
import type { Parsed } from './issue.ts';
import { parsePolicy } from './policy.ts';

/** One key of a policy, as `weights.follow` or `boosts.0.multiplier`, and its value as text. */
export interface PolicySetting {
  readonly path: string;
  readonly value: string;
}

/** A policy with some of its keys set to other values; decimals and counts are told apart by what the policy takes. */
export function policyWith(policy: Policy, settings: readonly PolicySetting[]): Parsed<Policy> {
  let first: Parsed<Policy> | undefined;
  // A key that is not there yet may be a decimal in quotes, a count or a flag: the schema knows which.
  for (const read of READINGS) {
    const document: unknown = structuredClone(policy);
    for (const { path, value } of settings) {
      if (!set(document, path.split('.'), value, read)) {
        return { ok: false, issues: [{ path, message: 'is not a key of a policy that can be set' }] };
      }
    }
    const parsed = parsePolicy(document);
    if (parsed.ok) return parsed;
    first ??= parsed;
  }
  return first ?? { ok: false, issues: [] };
}

type Reading = (text: string) => unknown;

const READINGS: readonly Reading[] = [
  (text) => text,
  (text) => (/^\d{1,15}$/.test(text) ? Number(text) : text),
  (text) => (text === 'true' ? true : text === 'false' ? false : text),
];

function set(document: unknown, path: readonly string[], value: string, read: Reading): boolean {
  const [key = '', ...rest] = path;
  if (key === '' || typeof document !== 'object' || document === null) return false;
  const current: unknown = Reflect.get(document, key);
  if (rest.length > 0) {
    // `risk.lockstep.viewers` where there is no lockstep yet.
    if (current === undefined && !Array.isArray(document)) Reflect.set(document, key, {});
    return set(Reflect.get(document, key), rest, value, read);
  }
  if (typeof current === 'object') return false;
  const isCount = typeof current === 'number' && /^\d{1,15}$/.test(value);
  const isFlag = typeof current === 'boolean';
  return Reflect.set(document, key, isCount ? Number(value) : isFlag ? value === 'true' : read(value));
}
