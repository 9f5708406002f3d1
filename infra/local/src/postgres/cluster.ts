import { randomBytes } from 'node:crypto';
import { chown, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { Binaries } from './binaries.ts';
import { asUnusable, ownCluster } from './data-place.ts';
import { EmbeddedPostgresError } from './error.ts';
import { runToEnd } from './run.ts';
import type { ServerUser } from './server-user.ts';

/** What initdb has made: a data folder's `cluster`, and the password of its superuser `postgres`. */
export interface Cluster {
  readonly folder: string;
  readonly password: string;
}

const PASSWORD_FILE = 'rewardbook.password';

/**
 * The cluster of a data folder, made by initdb if missing: UTF-8, byte order, passwords by SCRAM.
 * It is made under another name and renamed, so a crash or two simultaneous starts never leave half a cluster.
 *
 * @param durable false: initdb does not wait for the disk
 * @throws EmbeddedPostgresError `version`, `foreign`, `unusable`, `failed`
 */
export async function ensureCluster(
  dataDir: string,
  binaries: Binaries,
  user: ServerUser | undefined,
  durable: boolean,
): Promise<Cluster> {
  const folder = join(resolve(dataDir), 'cluster');
  // An empty folder does not count as a cluster: it is a mount point, or a restore has only just begun.
  if (await isEmpty(folder)) {
    await makeCluster(folder, binaries, user, durable).catch((error: unknown) => {
      throw asUnusable(dirname(folder), error);
    });
  }
  const found = await readOwn(folder, 'PG_VERSION');
  if (found !== binaries.majorVersion) {
    throw new EmbeddedPostgresError(
      'version',
      `${folder} was made by PostgreSQL ${found}, and this is ${binaries.majorVersion}. Choose another data folder, or ` +
        'move the data with pg_upgrade.',
    );
  }
  const password = await readOwn(folder, PASSWORD_FILE);
  await ownCluster(folder, user);
  return { folder, password };
}

/** Whether the folder is missing or empty. @throws EmbeddedPostgresError `unusable` for a file */
async function isEmpty(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return true;
    }
    throw asUnusable(folder, error);
  }
}

/** A file of a cluster that we made. @throws EmbeddedPostgresError `foreign` if it is missing */
async function readOwn(folder: string, name: string): Promise<string> {
  try {
    return (await readFile(join(folder, name), 'utf8')).trim();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) {
      throw asUnusable(folder, error);
    }
    throw new EmbeddedPostgresError(
      'foreign',
      `${folder} is not a database that Rewardbook made, or was not restored whole: it has no ${name}. Restore all of it, move it away, or choose another data folder.`,
      { cause: error },
    );
  }
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
      // ENOTEMPTY or EEXIST: another start was faster, and its cluster is just as good.
      if (!(error instanceof Error && 'code' in error && /^(ENOTEMPTY|EEXIST)$/.test(String(error.code)))) {
        throw error;
      }
    });
  } finally {
    await rm(made, { recursive: true, force: true });
    await rm(passwordFile, { force: true });
  }
}
