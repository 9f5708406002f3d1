import { randomBytes } from 'node:crypto';
import { chmod, chown, lstat, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Binaries } from './binaries.ts';
import { EmbeddedPostgresError } from './error.ts';
import { findBarrier } from './reach.ts';
import { runToEnd } from './run.ts';
import type { ServerUser } from './server-user.ts';

/** What initdb has made: a data folder's `cluster`, and the password of its superuser `postgres`. */
export interface Cluster {
  readonly folder: string;
  readonly password: string;
}

const PASSWORD_FILE = 'rewardbook.password';

/**
 * Makes the data folder where it is missing, so that the server's user can reach and own what it needs.
 *
 * @throws EmbeddedPostgresError `unreachable`
 */
export async function ensureDataFolder(dataDir: string, user: ServerUser | undefined): Promise<void> {
  await makeFolder(resolve(dataDir));
  const barrier = await findBarrier(dataDir, user);
  if (barrier === undefined) return;
  throw new EmbeddedPostgresError(
    'unreachable',
    `The database runs as user ${user?.name}, since PostgreSQL refuses to run as root, and that user may not enter ` +
      `${barrier}. Choose a data folder outside it, such as /var/lib/rewardbook, or open it (chmod o+x ${barrier}), ` +
      'or run as an ordinary user.',
  );
}

/** Folders that we make on the way can be entered, though not listed, whatever the umask. */
async function makeFolder(path: string): Promise<void> {
  if ((await lstat(path).catch(() => undefined)) !== undefined) return;
  await makeFolder(dirname(path));
  try {
    await mkdir(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return; // another start made it
    throw error;
  }
  await chmod(path, 0o711);
}

/**
 * The cluster of a data folder, made by initdb if there is none: UTF-8, byte order, passwords by SCRAM.
 * It is made beside and renamed, so a crash or a second start at the same moment leaves a whole one or none.
 *
 * @param durable false: initdb does not wait for the disk
 * @throws EmbeddedPostgresError `version`, `failed`
 */
export async function ensureCluster(
  dataDir: string,
  binaries: Binaries,
  user: ServerUser | undefined,
  durable: boolean,
): Promise<Cluster> {
  const folder = join(resolve(dataDir), 'cluster');
  if ((await lstat(folder).catch(() => undefined)) === undefined) await makeCluster(folder, binaries, user, durable);

  const found = (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim();
  if (found !== binaries.majorVersion) {
    throw new EmbeddedPostgresError(
      'version',
      `${folder} was made by PostgreSQL ${found}, and this is ${binaries.majorVersion}. Choose another data folder, or ` +
        'move the data with pg_upgrade.',
    );
  }
  return { folder, password: (await readFile(join(folder, PASSWORD_FILE), 'utf8')).trim() };
}

async function makeCluster(
  folder: string,
  binaries: Binaries,
  user: ServerUser | undefined,
  durable: boolean,
): Promise<void> {
  const made = await mkdtemp(`${folder}.new-`);
  const passwordFile = `${made}.password`;
  try {
    const password = randomBytes(24).toString('base64url');
    await writeFile(passwordFile, `${password}\n`, { mode: 0o600 });
    if (user !== undefined) {
      await chown(made, user.uid, user.gid);
      await chown(passwordFile, user.uid, user.gid);
    }
    await runToEnd(
      join(binaries.folder, 'bin/initdb'),
      [
        `--pgdata=${made}`,
        '--encoding=UTF8',
        '--locale=C',
        '--username=postgres',
        `--pwfile=${passwordFile}`,
        '--auth=scram-sha-256',
        ...(durable ? [] : ['--no-sync']),
      ],
      user,
    );
    await rename(passwordFile, join(made, PASSWORD_FILE));
    await rename(made, folder).catch((error: unknown) => {
      // ENOTEMPTY or EEXIST: another start was first, and its cluster is as good.
      if (!(error instanceof Error && 'code' in error && /^(ENOTEMPTY|EEXIST)$/.test(String(error.code)))) throw error;
    });
  } finally {
    await rm(made, { recursive: true, force: true });
    await rm(passwordFile, { force: true });
  }
}
