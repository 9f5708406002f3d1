import type { Policy } from '@rewardbook/domain/policy/policy';
import { z } from 'zod';
import type { Parsed } from '../values/issue.ts';
import { parsePolicy, policySchema } from './policy.ts';

/** One key of a policy, as `weights.follow` or `boosts.0.multiplier`, and its value as text. */
export interface PolicySetting {
  readonly path: string;
  readonly value: string;
}

/** A policy with some of its keys set to other values. Only paths that the policy's schema has can be set. */
export function policyWith(policy: Policy, settings: readonly PolicySetting[]): Parsed<Policy> {
  let document: unknown = policy;
  for (const { path, value } of settings) {
    const changed = withValue(policySchema, document, path.split('.'), value);
    if (changed === undefined) {
      return { ok: false, issues: [{ path, message: 'is not a key of a policy that can be set' }] };
    }
    document = changed;
  }
  return parsePolicy(document);
}

/**
 * A copy of `current` with the value at the path set; undefined where the schema has no such path. Names in a path come from
 * outside: they are looked up in the schema first, and nothing that exists is written to.
 */
function withValue(schema: z.core.$ZodType, current: unknown, path: readonly string[], text: string): unknown {
  const kind = unwrapped(schema);
  const [key, ...rest] = path;
  if (key === undefined) {
    return scalarOf(kind, text);
  }
  if (kind instanceof z.ZodArray) {
    const index = /^\d{1,6}$/.test(key) ? Number(key) : -1;
    if (!Array.isArray(current) || index < 0 || index >= current.length) {
      return undefined;
    }
    const item = withValue(kind.element, current[index], rest, text);
    return item === undefined ? undefined : current.with(index, item);
  }
  const part = partOf(kind, key);
  if (part === undefined) {
    return undefined;
  }
  // `risk.lockstep.viewers` where there is no lockstep yet.
  const own = new Map<string, unknown>(Object.entries(current ?? {}));
  const value = withValue(part, own.get(key), rest, text);
  return value === undefined ? undefined : Object.fromEntries(own.set(key, value));
}

/** What the schema of an object says of one of its keys. */
function partOf(kind: z.core.$ZodType, key: string): z.core.$ZodType | undefined {
  if (kind instanceof z.ZodObject) {
    return new Map<string, z.core.$ZodType>(Object.entries(kind.shape)).get(key);
  }
  if (kind instanceof z.ZodRecord) {
    return z.safeParse(kind.keyType, key).success ? kind.valueType : undefined;
  }
  return undefined;
}

/** A count or a flag where the schema has one; all else of a policy is text. undefined for what is no single value. */
function scalarOf(kind: z.core.$ZodType, text: string): unknown {
  if (kind instanceof z.ZodArray || kind instanceof z.ZodObject || kind instanceof z.ZodRecord) {
    return undefined;
  }
  if (kind instanceof z.ZodNumber && /^\d{1,15}$/.test(text)) {
    return Number(text);
  }
  if (kind instanceof z.ZodBoolean && /^(true|false)$/.test(text)) {
    return text === 'true';
  }
  return text;
}

function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  let inner = schema;
  while (
    inner instanceof z.ZodDefault ||
    inner instanceof z.ZodPrefault ||
    inner instanceof z.ZodOptional ||
    inner instanceof z.ZodExactOptional
  ) {
    inner = inner.unwrap();
  }
  return inner;
}
