import type { z } from 'zod';

/** One thing wrong in a file or body: where, and what to do. Lines and columns count from 1. */
export interface Issue {
  readonly path: string;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

export type Parsed<Value> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly issues: readonly Issue[] };

/** No more issues than this are listed. */
export const MAX_ISSUES = 100;

/** What zod found wrong in `value`, as issues; the path as it would be written in code: `weights.like`, `boosts[0].when`. */
export function issuesOf(error: z.core.$ZodError, value: unknown): Issue[] {
  return error.issues
    .slice(0, MAX_ISSUES)
    .map((issue) => ({ path: pathText(issue.path), message: messageOf(issue, value) }));
}

/** Issues as text, a line each: `line 3, column 9: weights.like: …`. */
export function describeIssues(issues: readonly Issue[]): string {
  return issues.map(describeIssue).join('\n');
}

function pathText(path: readonly PropertyKey[]): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') {
      text += `[${part}]`;
    } else {
      text += text === '' ? String(part) : `.${String(part)}`;
    }
  }
  return text;
}

function describeIssue(issue: Issue): string {
  const place: string[] = [];
  if (issue.line !== undefined) {
    place.push(issue.column === undefined ? `line ${issue.line}` : `line ${issue.line}, column ${issue.column}`);
  }
  if (issue.path !== '') {
    place.push(issue.path);
  }
  return [...place, issue.message].join(': ');
}

function messageOf(issue: z.core.$ZodIssue, value: unknown): string {
  if (issue.code === 'unrecognized_keys') {
    const names = issue.keys.map((key) => `"${key.slice(0, 80)}"`).join(', ');
    return `${names} ${issue.keys.length === 1 ? 'is not a known key' : 'are not known keys'}`;
  }
  if (issue.code === 'custom') {
    return issue.message;
  }
  return issue.path.length > 0 && valueAt(value, issue.path) === undefined ? 'is missing' : issue.message;
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let current = value;
  for (const part of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, part)) {
      return undefined;
    }
    current = Reflect.get(current, part);
  }
  return current;
}
