import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { SOURCE_FOLDERS } from './source-files.ts';

const OTHER_FOLDERS = ['node_modules', 'planted', 'patches', 'coverage', 'dist'];

/** Code, SQL and READMEs below `root`, relative to it: what people read. */
export function listTextFiles(root: string): string[] {
  const files: string[] = [];
  const visit = (folder: string): void => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory() && !OTHER_FOLDERS.includes(entry.name)) {
        visit(path);
      } else if (entry.isFile() && /\.(tsx?|mjs|css|html|sql|md|sh)$/.test(entry.name)) {
        files.push(relative(root, path));
      }
    }
  };
  for (const name of readdirSync(root)) {
    if ([...SOURCE_FOLDERS, 'seeds'].includes(name)) {
      visit(join(root, name));
    }
  }
  if (readdirSync(root).includes('README.md')) {
    files.push('README.md');
  }
  return files.sort();
}
