import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { z } from 'zod';

const manifestSchema = z.looseObject({ dependencies: z.record(z.string(), z.string()).optional() });

/** What is in a package's folder and in no build of it. */
const NOT_BUILT = /^(node_modules|dist|coverage|\..*)$|\.test\.tsx?$/;
const OURS = '@rewardbook/';
/** The app's lab has their texts. */
const PACKS = 'seeds';

/**
 * SHA-256, in hex, of all that a build of the app is made from: its package, those of ours that it depends on, the packs, and the
 * versions of the others.
 *
 * @param root of the repository
 */
export async function sourceHash(root: string, app: string): Promise<string> {
  const folders = new Set<string>();
  await collectPackages(root, app, folders);
  const files = ['pnpm-lock.yaml'];
  for (const folder of folders) {
    files.push(...(await listFiles(root, join(root, folder))));
  }
  files.push(...(await listFiles(root, join(root, PACKS)).catch(noFolder)));
  const hash = createHash('sha256');
  files.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const file of files) {
    const content = await readFile(join(root, file));
    hash.update(`${file}\n${content.length}\n`).update(content);
  }
  return hash.digest('hex');
}

async function collectPackages(root: string, folder: string, found: Set<string>): Promise<void> {
  if (found.has(folder)) {
    return;
  }
  found.add(folder);
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8')));
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    if (name.startsWith(OURS)) {
      await collectPackages(root, `packages/${name.slice(OURS.length)}`, found);
    }
  }
}

async function listFiles(root: string, folder: string): Promise<string[]> {
  const files: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (NOT_BUILT.test(entry.name)) {
      continue;
    }
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      files.push(...(await listFiles(root, path)));
    } else if (entry.isFile()) {
      files.push(relative(root, path).split(sep).join('/'));
    }
  }
  return files;
}

/** A root without packs. */
function noFolder(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') {
    return [];
  }
  throw error;
}
