import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { report } from './report.ts';
import { checkSql } from './sql-rules.ts';
import { listTextFiles } from './text-files.ts';
import type { Planted, Violation } from './violation.ts';

/** What is wrong in `planted/sql`, on purpose. */
export const plantedSql: readonly Planted[] = [
  { rule: 'sql-columns', file: 'packages/db/functions/long.sql' },
  { rule: 'sql-function-lines', file: 'packages/db/functions/long.sql' },
];

/** SQL files below `root`. */
export function findSql(root: string): { violations: Violation[]; files: number } {
  const files = listTextFiles(root).filter((file) => file.endsWith('.sql'));
  return {
    violations: files.flatMap((file) => checkSql(file, readFileSync(join(root, file), 'utf8'))),
    files: files.length,
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = findSql(fileURLToPath(new URL('../../../', import.meta.url)));
  const planted = findSql(fileURLToPath(new URL('../planted/sql/', import.meta.url)));
  process.exitCode = report('check:sql', `${found.files} files`, found.violations, planted.violations, plantedSql);
}
