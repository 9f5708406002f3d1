import type { Policy } from '@rewardbook/domain/policy/policy';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type { Issue, Parsed } from '../values/issue.ts';
import { parsePolicy } from './policy.ts';

const MAX_FILE_CHARACTERS = 10_000_000;

/** Reads a policy file, YAML 1.2 or JSON (which is YAML). Issues name line and column. */
export function parsePolicyFile(text: string): Parsed<Policy> {
  if (text.length > MAX_FILE_CHARACTERS) {
    return { ok: false, issues: [{ path: '', message: 'the file is too large' }] };
  }
  const lines = new LineCounter();
  // prettyErrors off: it would repeat the line and column that the issue has.
  const document = parseDocument(text, { version: '1.2', lineCounter: lines, prettyErrors: false, uniqueKeys: true });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    return {
      ok: false,
      issues: faults.map((fault) => ({ path: '', message: fault.message, ...placeOf(lines, fault.pos[0]) })),
    };
  }
  let value: unknown;
  try {
    value = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    if (!(error instanceof ReferenceError)) {
      throw error;
    }
    return { ok: false, issues: [{ path: '', message: 'the file has too many aliases; write the values out' }] };
  }
  const parsed = parsePolicy(value);
  if (parsed.ok) {
    return parsed;
  }
  return { ok: false, issues: parsed.issues.map((issue) => locate(issue, document, lines)) };
}

/** Adds the line and column of the value that an issue is about, or of the nearest thing around it that is in the file. */
function locate(issue: Issue, document: Document.Parsed, lines: LineCounter): Issue {
  const path = issue.path === '' ? [] : issue.path.split(/\.|\[|\]\.?/).filter((part) => part !== '');
  const unknown = /^"([^"]+)" is not a known key/.exec(issue.message)?.[1];
  for (let depth = path.length; depth >= 0; depth -= 1) {
    const node = depth === 0 ? document.contents : document.getIn(path.slice(0, depth), true);
    if (unknown !== undefined && isMap(node)) {
      const key = node.items.find((pair) => isScalar(pair.key) && pair.key.value === unknown)?.key;
      if (isScalar(key) && key.range) {
        return { ...issue, ...placeOf(lines, key.range[0]) };
      }
    }
    const range = depth === 0 ? document.contents?.range : isNode(node) ? node.range : undefined;
    if (range) {
      return { ...issue, ...placeOf(lines, range[0]) };
    }
  }
  return issue;
}

function placeOf(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}
