import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const CONSOLE = fileURLToPath(new URL('../../../packages/console/', import.meta.url));

/** The app as people get it, in a folder of its own. */
export interface BuiltApp {
  readonly folder: string;
  remove(): Promise<void>;
}

/** Builds the app in a process of its own: in this one, NODE_ENV is that of tests. */
export async function buildApp(): Promise<BuiltApp> {
  const folder = await mkdtemp(join(tmpdir(), 'rewardbook-console-'));
  const vite = join(dirname(createRequire(join(CONSOLE, 'package.json')).resolve('vite/package.json')), 'bin/vite.js');
  await promisify(execFile)(
    process.execPath,
    // Test files build at the same time, each into its own folder, which Vite's lock does not see.
    [vite, 'build', CONSOLE, '--outDir', folder, '--emptyOutDir', '--bypass-lock', '--logLevel', 'error'],
    { cwd: CONSOLE, env: { PATH: process.env.PATH, HOME: process.env.HOME } },
  );
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) };
}
