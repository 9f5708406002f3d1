import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Addresses without a slash at the end. Old files lack the console. */
export const urlsSchema = z.object({
  front: z.url(),
  events: z.url(),
  ledger: z.url(),
  reports: z.url(),
  console: z.url().optional(),
});

/** API keys, each with the one scope that its name says; `admin` has all of them, to make others from. Old files lack the optional ones. */
export const keysSchema = z.object({
  write: z.string(),
  operate: z.string(),
  approve: z.string(),
  read: z.string(),
  payments: z.string().optional(),
  admin: z.string().optional(),
});

/** What `DIR/rewardbook.json` holds: how to reach the system of that data folder. */
export const connectionSchema = z.object({ urls: urlsSchema, keys: keysSchema, pid: z.int(), startedAt: z.string() });

export type Urls = z.output<typeof urlsSchema>;
/** Of a system of this version. */
export type LocalUrls = Urls & { readonly console: string };
export type Keys = z.output<typeof keysSchema>;
export type Connection = z.output<typeof connectionSchema>;

/** The file is there and is not what `up` writes. */
class ConnectionFileError extends Error {
  override readonly name = 'ConnectionFileError';
}

export function connectionPath(dataDir: string): string {
  return join(dataDir, 'rewardbook.json');
}

/**
 * The connection of a data folder; undefined if no system has run in it.
 *
 * @throws ConnectionFileError, or the system's error where the file cannot be read
 */
export async function readConnection(dataDir: string): Promise<Connection | undefined> {
  const path = connectionPath(dataDir);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new ConnectionFileError(`${path} is not JSON; start the system again (rewardbook up) to write it anew`, {
      cause,
    });
  }
  const parsed = connectionSchema.safeParse(value);
  if (parsed.success) {
    return parsed.data;
  }
  throw new ConnectionFileError(
    `${path} is not one of this version; start the system again (rewardbook up) to write it anew`,
    { cause: parsed.error },
  );
}

/** Writes the file whole or not at all, readable for its owner only, whatever the umask. */
export async function writeConnection(dataDir: string, connection: Connection): Promise<void> {
  const path = connectionPath(dataDir);
  const unfinished = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const file = await open(unfinished, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(connection, null, 2)}\n`);
      await file.chmod(0o600);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(unfinished, path);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
