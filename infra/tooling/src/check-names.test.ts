import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { findNames, plantedNames } from './check-names.ts';
import { checkNames, checkUniqueTypes } from './name-rules.ts';
import { checkProse } from './prose-rules.ts';
import { comparePlanted } from './violation.ts';

const planted = fileURLToPath(new URL('../planted/names/', import.meta.url));

describe('check:names', () => {
  it('sees every planted violation, and nothing else there', () => {
    expect(comparePlanted(findNames(planted).violations, plantedNames)).toEqual({ unseen: [], unexpected: [] });
  });

  it.each([
    ['const MOST_ROWS = 1;', 1],
    ['const MAX_ROWS = 1;', 0],
    ['const ROWS_A_PAGE = 1;', 1],
    ['const ROWS_PER_PAGE = 1;', 0],
    ['export const rowOut = z.object({}).strict();', 1],
    ['export const rowOutSchema = z.object({});', 0],
    ['const row = z.object({});', 0],
  ])('of the names in %j finds %i wrong', (text, count) => {
    const source = ts.createSourceFile('a.ts', text, ts.ScriptTarget.Latest, true);
    expect(checkNames(source, 'a.ts')).toHaveLength(count);
  });

  it('finds phrases and documents line by line', () => {
    const found = checkProse(planted, 'a.md', 'A period.\n2026-W43 is none.\nSee GONE.md.');
    expect(found.map(({ rule, line }) => [rule, line])).toEqual([
      ['plain-english', 2],
      ['cited-document', 3],
    ]);
  });

  it('finds a type that two files export', () => {
    const type = (file: string) => ({ name: 'Program', file, line: 1 });
    expect(checkUniqueTypes([type('a.ts'), type('b.ts')])).toMatchObject([{ file: 'b.ts', rule: 'unique-types' }]);
  });
});
