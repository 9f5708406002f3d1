import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { ALLOWANCES, withoutAllowed } from './money-allowances.ts';
import { checkMoney } from './money-rules.ts';
import { report } from './report.ts';
import { isTest, listSourceFiles } from './source-files.ts';
import type { Planted, Violation } from './violation.ts';

/** What is wrong in `planted/money`, on purpose. */
export const plantedMoney: readonly Planted[] = [
  { rule: 'money-in-number', file: 'packages/domain/src/numbers.ts' },
  { rule: 'no-client-transaction', file: 'packages/domain/src/transactions.ts' },
  { rule: 'no-money-conversion', file: 'packages/domain/src/conversions.ts' },
  { rule: 'no-write-by-name', file: 'packages/domain/src/names.ts' },
  { rule: 'utf8-order', file: 'packages/domain/src/order.ts' },
];

/** @throws Error where TypeScript sees no source file */
export function findMoney(root: string): { violations: Violation[]; files: number } {
  const files = listSourceFiles(root).filter((file) => !isTest(file) && !file.startsWith('infra/tooling/'));
  const program = ts.createProgram(
    files.map((file) => join(root, file)),
    {
      strict: true,
      target: ts.ScriptTarget.ES2023,
      lib: ['lib.es2023.d.ts'],
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      allowImportingTsExtensions: true,
      jsx: ts.JsxEmit.Preserve,
      noEmit: true,
      skipLibCheck: true,
      types: [],
    },
  );
  const checker = program.getTypeChecker();
  const wanted = new Set(files);
  const violations: Violation[] = [];
  let seen = 0;
  for (const source of program.getSourceFiles()) {
    const file = relative(root, source.fileName);
    if (!wanted.has(file)) {
      continue;
    }
    seen += 1;
    violations.push(...checkMoney(checker, source, file));
  }
  if (seen === 0 || seen < files.length) {
    throw new Error(`check:money saw ${seen} of ${files.length} files in ${root}`);
  }
  return { violations, files: seen };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const found = findMoney(fileURLToPath(new URL('../../../', import.meta.url)));
  const planted = findMoney(fileURLToPath(new URL('../planted/money/', import.meta.url)));
  const { violations, unused } = withoutAllowed(found.violations, ALLOWANCES);
  for (const { file, detail } of unused) {
    console.error(`check:money: the allowance for ${file} (${detail}) is not needed`);
  }
  const code = report('check:money', `${found.files} files`, violations, planted.violations, plantedMoney);
  process.exitCode = code === 0 && unused.length > 0 ? 1 : code;
}
