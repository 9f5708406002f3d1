import { randomBytes } from 'node:crypto';
import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { inputError, serverError } from '../terminal/failure.ts';

/** A file that is being written. */
export interface OutputTarget {
  write(bytes: Uint8Array): Promise<void>;
  /** What was written is there, durably. */
  commit(): Promise<void>;
  /** What was there before stays, where it was a file. */
  abandon(): Promise<void>;
}

const NEW_FILE_MODE = 0o666; // less the umask, as for every new file
const PRIVATE = 0o600;
const PERMISSIONS = 0o777;
const GROUP_PERMISSIONS = 0o070;
const MAX_LINKS = 40; // as Linux

/**
 * Opens a path for writing. A regular file is there whole or not at all: it is written next to its place, and moved there when it is
 * complete, with the mode and the owner of the one that it replaces. Links are followed. Anything else (a device, a FIFO) is written
 * into, never replaced.
 *
 * @param mode of a file that is new
 * @throws CliFailure 2 for a folder
 */
export async function openTarget(path: string, mode = NEW_FILE_MODE): Promise<OutputTarget> {
  const there = await statOf(path);
  if (there?.isDirectory() || path.endsWith('/')) {
    throw inputError(`${path} is a folder; give a file`);
  }
  // What is not a file is opened by the path that was given: /dev/fd/3 leads to something that has no other.
  return there === undefined || there.isFile() ? besideFile(await followLinks(path), there, mode) : into(path);
}

async function besideFile(place: string, there: Stats | undefined, mode: number): Promise<OutputTarget> {
  const unfinished = `${place}.${randomBytes(6).toString('hex')}.part`;
  const file = await open(unfinished, 'wx', there === undefined ? mode : PRIVATE);
  const abandon = async (): Promise<void> => {
    await file.close().catch(() => undefined); // closed already, or what it holds is not wanted
    await rm(unfinished, { force: true });
  };
  try {
    if (there !== undefined) {
      await keepAccess(file, there);
    }
  } catch (error) {
    await abandon();
    throw error;
  }
  return {
    write: (bytes) => writeAll(file, bytes),
    commit: async () => {
      await file.sync();
      await file.close();
      await rename(unfinished, place);
    },
    abandon,
  };
}

/** Only those who could read and write the file before still can: if its group cannot be kept, the group's rights go. */
async function keepAccess(file: FileHandle, { uid, gid, mode }: Stats): Promise<void> {
  const own = await file.stat();
  const isKept =
    (own.uid === uid && own.gid === gid) ||
    (await isAllowed(file.chown(uid, gid))) ||
    (await isAllowed(file.chown(own.uid, gid)));
  await file.chmod(mode & (isKept ? PERMISSIONS : PERMISSIONS & ~GROUP_PERMISSIONS));
}

async function isAllowed(change: Promise<void>): Promise<boolean> {
  try {
    await change;
    return true;
  } catch (error) {
    if (isError(error, 'EPERM')) {
      return false;
    }
    throw error;
  }
}

async function into(path: string): Promise<OutputTarget> {
  const file = await open(path, constants.O_WRONLY); // not made anew where it has gone meanwhile
  const close = (): Promise<void> => file.close();
  return { write: (bytes) => writeAll(file, bytes), commit: close, abandon: close };
}

/** A write may take only a part. */
async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, null);
    done += bytesWritten;
  }
}

/** Where a path leads to, which need not be there: a link may be dangling. */
async function followLinks(path: string, links = 0): Promise<string> {
  if (links > MAX_LINKS) {
    throw serverError(`Cannot write ${path}: too many links lead on`);
  }
  try {
    return await realpath(path);
  } catch (error) {
    if (!isError(error, 'ENOENT')) {
      throw error;
    }
  }
  const isLink = await lstat(path).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
  if (isLink) {
    return followLinks(resolve(dirname(path), await readlink(path)), links + 1);
  }
  return join(await realpath(dirname(path)), basename(path));
}

async function statOf(place: string): Promise<Stats | undefined> {
  try {
    return await stat(place);
  } catch (error) {
    if (isError(error, 'ENOENT')) {
      return undefined;
    }
    throw error;
  }
}

function isError(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
