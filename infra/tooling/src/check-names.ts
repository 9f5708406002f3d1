import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { checkNames, checkUniqueTypes, exportedTypes } from './name-rules.ts';
import { checkProse } from './prose-rules.ts';
import { report } from './report.ts';
import { isTest } from './source-files.ts';
import { listTextFiles } from './text-files.ts';
import type { Planted, Violation } from './violation.ts';

/** What is wrong in `planted/names`, on purpose. */
export const plantedNames: readonly Planted[] = [
  { rule: 'plain-english', file: 'packages/domain/src/period.ts' },
  { rule: 'cited-document', file: 'packages/domain/src/period.ts' },
  { rule: 'names', file: 'packages/domain/src/period.ts' },
  { rule: 'names', file: 'packages/contracts/src/schema.ts' },
  { rule: 'unique-types', file: 'packages/domain/src/period.ts' },
];

/** Words and names below `root`. What the checks say of phrases is not searched for them. */
export function findNames(root: string): { violations: Violation[]; files: number } {
  const files = listTextFiles(root).filter((file) => !file.startsWith('infra/tooling/'));
  const violations: Violation[] = [];
  const types = files.flatMap((file) => {
    const text = readFileSync(join(root, file), 'utf8');
    violations.push(...checkProse(root, file, text));
    if (!/\.tsx?$/.test(file) || isTest(file)) {
      return [];
    }
    const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
    violations.push(...checkNames(source, file));
    return exportedTypes(source, file);
  });
  return { violations: [...violations, ...checkUniqueTypes(types)], files: files.length };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = findNames(fileURLToPath(new URL('../../../', import.meta.url)));
  const planted = findNames(fileURLToPath(new URL('../planted/names/', import.meta.url)));
  process.exitCode = report('check:names', `${found.files} files`, found.violations, planted.violations, plantedNames);
}
