import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findSql, plantedSql } from './check-sql.ts';
import { checkSql } from './sql-rules.ts';
import { comparePlanted } from './violation.ts';

const functionOf = (lines: number): string =>
  `CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$\n${'-- $sql$ x $sql$\n'.repeat(lines - 2)}$$;\n`;

describe('check:sql', () => {
  it('sees every planted violation, and nothing else there', () => {
    const planted = fileURLToPath(new URL('../planted/sql/', import.meta.url));
    expect(comparePlanted(findSql(planted).violations, plantedSql)).toEqual({ unseen: [], unexpected: [] });
  });

  it('counts columns by characters, and names the line', () => {
    expect(checkSql('a.sql', `SELECT 1;\n${'→'.repeat(120)}\n`)).toEqual([]);
    expect(checkSql('a.sql', `SELECT 1;\n${'→'.repeat(121)}\n`)).toMatchObject([{ rule: 'sql-columns', line: 2 }]);
  });

  it('counts the lines of each function to the end of its body', () => {
    expect(checkSql('a.sql', functionOf(120) + functionOf(120))).toEqual([]);
    expect(checkSql('a.sql', functionOf(120) + functionOf(121))).toMatchObject([
      { rule: 'sql-function-lines', line: 121, detail: 'f has 121 lines: 120 at most' },
    ]);
  });
});
