import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/** The folders that hold TypeScript. */
export const SOURCE_FOLDERS = ['packages', 'services', 'infra', 'test'];

/** TypeScript files below `root`'s source folders, relative to it, without packages of others and planted ones. */
export function listSourceFiles(root: string): string[] {
  const files: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !['node_modules', 'planted', 'coverage', 'dist'].includes(entry.name)) {
        visit(path);
      } else if (entry.isFile() && /\.tsx?$/.test(entry.name)) {
        files.push(relative(root, path));
      }
    }
  };
  for (const name of readdirSync(root)) {
    if (SOURCE_FOLDERS.includes(name)) {
      visit(join(root, name));
    }
  }
  return files.sort();
}

/** Where a service holds its SQL: `sql.ts` of a subject, `…-sql.ts`, or a folder `sql/`; as a regular expression's source. */
export const SQL_OF_SERVICES = '^services/.+/sql/[^/]+$|^services/.+[/-]sql\\.ts$';

/** Tests, and what helps them (`test-….ts`, `test-…/`), as a regular expression's source: dependency-cruiser wants that. */
export const TEST_PATTERN = '\\.test\\.ts$|(^|/)test-|^test/';

export function isTest(file: string): boolean {
  return new RegExp(TEST_PATTERN).test(file);
}
