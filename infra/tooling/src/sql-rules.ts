import type { Violation } from './violation.ts';

const MAX_COLUMNS = 120;
const MAX_FUNCTION_LINES = 120;

const FUNCTION_START = /^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE) (\w+)/gm;
const DOLLAR_QUOTE = /\bAS (\$\w*\$)/g;

/** Lines and functions of an SQL file that are too long to be read. */
export function checkSql(file: string, text: string): Violation[] {
  const violations: Violation[] = [];
  text.split('\n').forEach((content, index) => {
    const columns = [...content].length;
    if (columns > MAX_COLUMNS) {
      const detail = `has ${columns} columns: ${MAX_COLUMNS} at most`;
      violations.push({ rule: 'sql-columns', file, line: index + 1, detail });
    }
  });
  for (const start of text.matchAll(FUNCTION_START)) {
    const lines = text.slice(start.index, endOfFunction(text, start.index)).split('\n').length;
    if (lines > MAX_FUNCTION_LINES) {
      const line = text.slice(0, start.index).split('\n').length;
      const detail = `${start[1]} has ${lines} lines: ${MAX_FUNCTION_LINES} at most`;
      violations.push({ rule: 'sql-function-lines', file, line, detail });
    }
  }
  return violations;
}

/** Where the body of a function ends, which begins with the first dollar quote; bodies may have other quotes within. */
function endOfFunction(text: string, start: number): number {
  DOLLAR_QUOTE.lastIndex = start;
  const opening = DOLLAR_QUOTE.exec(text);
  const quote = opening?.[1];
  if (opening === null || quote === undefined) {
    return text.length;
  }
  const end = text.indexOf(quote, DOLLAR_QUOTE.lastIndex);
  return end === -1 ? text.length : end;
}
