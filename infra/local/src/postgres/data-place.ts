import { chmod, chown, lchown, lstat, mkdir, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { EmbeddedPostgresError } from './error.ts';
import { findBarrier } from './reach.ts';
import type { ServerUser } from './server-user.ts';

/** Names in a data folder that are ours, including files still being written. */
const OURS = /^(cluster|postgres\.log|rewardbook\.json)(\.|$)/;
const CANNOT_WRITE = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'EIO']);

/**
 * Makes the data folder if it is missing, so that the server's user can reach and own what it needs.
 *
 * @throws EmbeddedPostgresError `unreachable`, `unusable`
 */
export async function ensureDataFolder(dataDir: string, user: ServerUser | undefined): Promise<void> {
  const folder = resolve(dataDir);
  await makeFolder(folder).catch((error: unknown) => {
    throw asUnusable(folder, error);
  });
  if (user === undefined) {
    return;
  }
  for (let barrier = await findBarrier(folder, user); barrier !== undefined; ) {
    if (!(await openToServer(barrier, folder, user))) {
      throw unreachable(barrier, user);
    }
    const next = await findBarrier(folder, user);
    if (next === barrier) {
      throw unreachable(barrier, user);
    }
    barrier = next;
  }
}

/** Turns the system's refusal to write there into advice; returns other errors unchanged. */
export function asUnusable(folder: string, error: unknown): unknown {
  if (!(error instanceof Error && 'code' in error && typeof error.code === 'string')) {
    return error;
  }
  if (error.code === 'ENOTDIR' || error.code === 'EEXIST') {
    return notAFolder(folder, error);
  }
  if (!CANNOT_WRITE.has(error.code)) {
    return error;
  }
  return new EmbeddedPostgresError(
    'unusable',
    `Nothing can be written in ${folder} (${error.message}). Choose another data folder, or make it writable.`,
    { cause: error },
  );
}

function notAFolder(folder: string, cause?: Error): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'unusable',
    `${folder} is not a folder, or is below a file. Choose another data folder.`,
    { cause },
  );
}

/** Folders that we make on the way can be entered, though not listed, whatever the umask. */
async function makeFolder(path: string): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  });
  if (found !== undefined) {
    if (!found.isDirectory()) {
      throw notAFolder(path);
    }
    return;
  }
  await makeFolder(dirname(path));
  try {
    await mkdir(path);
  } catch (error) {
    const isThere = await stat(path).then(
      (made) => made.isDirectory(), // another start made it
      () => false, // a link to nothing
    );
    if (isThere) {
      return;
    }
    throw error;
  }
  await chmod(path, 0o711);
}

/**
 * Lets the server's group, and no one else, pass through a folder that only root can enter (`mktemp -d`) and that holds
 * only our files. A folder with anything else in it is left unchanged: its contents are not ours to expose.
 *
 * @returns whether it was opened
 */
async function openToServer(barrier: string, dataDir: string, user: ServerUser): Promise<boolean> {
  const { uid, mode } = await stat(barrier);
  if (uid !== process.geteuid?.() || (mode & 0o077) !== 0) {
    return false;
  }
  const names = await readdir(barrier);
  const isOurs = (await isSameFolder(barrier, dataDir))
    ? names.every((name) => OURS.test(name))
    : names.length === 1 && (await isOnTheWay(join(barrier, names[0] ?? ''), dataDir));
  if (!isOurs) {
    return false;
  }
  await chown(barrier, uid, user.gid);
  await chmod(barrier, 0o710);
  return true;
}

async function isSameFolder(a: string, b: string): Promise<boolean> {
  const [one, other] = [await stat(a), await stat(b)];
  return one.dev === other.dev && one.ino === other.ino;
}

async function isOnTheWay(folder: string, dataDir: string): Promise<boolean> {
  for (let at = dataDir; dirname(at) !== at; at = dirname(at)) {
    if (basename(at) === basename(folder) && (await isSameFolder(at, folder))) {
      return true;
    }
  }
  return false;
}

function unreachable(barrier: string, user: ServerUser): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'unreachable',
    `The database runs as user ${user.name}, since PostgreSQL refuses to run as root, and that user may not enter ` +
      `${barrier}. Choose a data folder outside it, such as /var/lib/rewardbook, or open it (chmod o+x ${barrier}), ` +
      'or run as an ordinary user.',
  );
}

/**
 * PostgreSQL requires files that only its own user can access. A cluster that another user restored or moved here is
 * given to the server's user where we may do that (as root), with the modes that PostgreSQL requires.
 *
 * @throws EmbeddedPostgresError `unusable`
 */
export async function ownCluster(folder: string, user: ServerUser | undefined): Promise<void> {
  const { uid, mode } = await stat(folder);
  const wanted = user?.uid ?? process.geteuid?.() ?? uid;
  if (uid !== wanted) {
    if (user === undefined) {
      throw new EmbeddedPostgresError(
        'unusable',
        `${folder} belongs to user number ${uid}, and PostgreSQL runs as ${wanted} here. Run as that user, or give it the files (chown -R ${wanted} ${folder}).`,
      );
    }
    await giveTo(folder, user);
  }
  if ((mode & 0o077) !== 0) {
    await chmod(folder, 0o700);
  }
}

async function giveTo(path: string, user: ServerUser): Promise<void> {
  await lchown(path, user.uid, user.gid);
  if (!(await lstat(path)).isDirectory()) {
    return;
  }
  for (const name of await readdir(path)) {
    await giveTo(join(path, name), user);
  }
}
