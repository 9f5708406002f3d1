import { parsePolicy } from '@rewardbook/contracts/files/policy';
import type { Parsed } from '@rewardbook/contracts/values/issue';
import type { Policy } from '@rewardbook/domain/policy/policy';

/** A policy while it is being written: JSON that may not be one yet. */
export type PolicyDocument = Readonly<Record<string, unknown>>;

export function documentOf(policy: Policy): PolicyDocument {
  return JSON.parse(JSON.stringify(policy));
}

export function parseDocument(document: PolicyDocument): Parsed<Policy> {
  return parsePolicy(document);
}

/** The value at a path as `weights.follow`. */
export function valueAt(document: PolicyDocument, path: string): unknown {
  return path.split('.').reduce<unknown>((value, key) => (isObject(value) ? value[key] : undefined), document);
}

/** A copy with the value at the path; undefined takes the key away. */
export function withValueAt(document: PolicyDocument, path: string, value: unknown): PolicyDocument {
  const [key = '', ...rest] = path.split('.');
  if (rest.length === 0) {
    const { [key]: _before, ...others } = document;
    return value === undefined ? others : { ...document, [key]: value };
  }
  const inner = document[key];
  return { ...document, [key]: withValueAt(isObject(inner) ? inner : {}, rest.join('.'), value) };
}

/** What makes `to` of `from`, as a merge patch (RFC 7386); undefined where nothing does. */
export function patchBetween(from: PolicyDocument, to: PolicyDocument): PolicyDocument | undefined {
  const changes = [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((key): [string, unknown][] => {
    const [before, after] = [from[key], to[key]];
    if (isObject(before) && isObject(after)) {
      const inner = patchBetween(before, after);
      return inner === undefined ? [] : [[key, inner]];
    }
    return JSON.stringify(before) === JSON.stringify(after) ? [] : [[key, after ?? null]];
  });
  return changes.length === 0 ? undefined : Object.fromEntries(changes);
}

/** Applies a merge patch. */
export function patched(document: PolicyDocument, patch: PolicyDocument): PolicyDocument {
  let result: PolicyDocument = document;
  for (const [key, change] of Object.entries(patch)) {
    const { [key]: before, ...others } = result;
    if (change === null) {
      result = others;
    } else {
      result = { ...result, [key]: isObject(change) ? patched(isObject(before) ? before : {}, change) : change };
    }
  }
  return result;
}

export function isObject(value: unknown): value is PolicyDocument {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
