import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, constants, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { withBuildLock } from './build-lock.ts';
import { ConsoleAppError } from './error.ts';
import { sourceHash } from './source-hash.ts';

export interface BuiltAppOptions {
  /** Of the app's package; default: the console of this checkout. */
  readonly folder?: string;
  /** Told before a build begins, since it takes a while. */
  readonly onBuild: () => void;
}

const CONSOLE = fileURLToPath(new URL('../../../../packages/console', import.meta.url));
const BUILD = fileURLToPath(new URL('./build-main.mjs', import.meta.url));
/** In the built folder: the hash of what it was built from. */
const MARK = 'built-from.txt';
const MAX_MESSAGE_LENGTH = 4_000;

/**
 * The folder of the built app. It is built if it is not there, or was built from other sources; by one process at a time, and put into its
 * place whole.
 *
 * @throws ConsoleAppError where it cannot be built
 */
export async function findBuiltApp({ folder = CONSOLE, onBuild }: BuiltAppOptions): Promise<string> {
  const root = dirname(dirname(folder));
  const built = join(folder, 'dist');
  const hash = await sourceHash(root, relative(root, folder)).catch((cause: unknown) => {
    throw new ConsoleAppError(`The sources of the console cannot be read: ${messageOf(cause)}`, { cause });
  });
  const isBuilt = async (): Promise<boolean> => (await readFile(join(built, MARK), 'utf8').catch(() => '')) === hash;
  if (await isBuilt()) {
    return built;
  }
  await access(folder, constants.W_OK).catch((cause: unknown) => {
    throw new ConsoleAppError(`The console is not built, and ${folder} cannot be written to build it`, { cause });
  });
  await withBuildLock(join(folder, '.build-lock'), async () => {
    if (!(await isBuilt())) {
      onBuild();
      await buildInto(folder, built, hash);
    }
  });
  return built;
}

async function buildInto(folder: string, built: string, hash: string): Promise<void> {
  const made = join(folder, `.built-${process.pid}`);
  const before = `${made}-before`;
  try {
    await runBuild(folder, basename(made));
    await writeFile(join(made, MARK), hash);
    await rename(built, before).catch(ignoreMissing);
    await rename(made, built);
  } finally {
    await rm(made, { recursive: true, force: true });
    await rm(before, { recursive: true, force: true });
  }
}

async function runBuild(folder: string, outFolder: string): Promise<void> {
  const child = spawn(process.execPath, [BUILD, folder, outFolder], {
    cwd: folder,
    // Nothing of what is set here: under a test runner's NODE_ENV the app would get React's parts for development, and ask for all twice.
    env: { NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-MAX_MESSAGE_LENGTH);
  });
  const [code]: (number | null)[] = await once(child, 'close');
  if (code !== 0) {
    throw new ConsoleAppError(`The console could not be built:\n${said.trim()}`);
  }
}

function ignoreMissing(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
    throw error;
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
