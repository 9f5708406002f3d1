import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';

export const PAGE =
  '<!doctype html><title>The console</title><script type="module" src="/assets/main-a1b2c3.js"></script>';
export const SCRIPT = `globalThis.text = '${'words of a script '.repeat(100)}';`;

/** A folder as a build of the app leaves it: a page, and a script with its compressed forms. */
export async function makeBuiltApp(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rewardbook-app-'));
  await mkdir(join(folder, 'assets'));
  await writeFile(join(folder, 'index.html'), PAGE);
  await writeFile(join(folder, 'icon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  await writeFile(join(folder, 'secret.json'), '{}');
  await writeFile(join(folder, 'assets/main-a1b2c3.js'), SCRIPT);
  await writeFile(join(folder, 'assets/main-a1b2c3.js.br'), brotliCompressSync(SCRIPT));
  await writeFile(join(folder, 'assets/main-a1b2c3.js.gz'), gzipSync(SCRIPT));
  return folder;
}
