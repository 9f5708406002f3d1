import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** What a server notes in its cluster's `postmaster.pid`. */
export interface LockFile {
  readonly pid: number;
  /** `starting`, `ready` or `stopping`; '' while the server has not come to it */
  readonly status: string;
}

/** Reads `postmaster.pid` (PostgreSQL: src/include/utils/pidfile.h; the 8th line is the status). */
export async function readLockFile(cluster: string): Promise<LockFile | undefined> {
  const text = await readFile(join(cluster, 'postmaster.pid'), 'utf8').catch(() => '');
  const lines = text.split('\n');
  const pid = Number(lines[0]);
  return pid > 0 ? { pid, status: (lines[7] ?? '').trim() } : undefined;
}

/**
 * Removes a lock file whose process ended, or whose number another program has got since (in a container that was
 * killed and started again the numbers repeat, and the server would refuse to start forever).
 *
 * @returns what is left: the lock of a live server
 */
export async function clearStaleLock(cluster: string): Promise<LockFile | undefined> {
  const lock = await readLockFile(cluster);
  if (lock === undefined) {
    return undefined;
  }
  if (isAlive(lock.pid) && (await isServerOf(lock.pid, cluster))) {
    return lock;
  }
  await rm(join(cluster, 'postmaster.pid'), { force: true });
  return undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** True also if the system cannot say. */
async function isServerOf(pid: number, cluster: string): Promise<boolean> {
  if (process.platform !== 'linux') {
    return true;
  }
  const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
  return line.split('\0').includes(cluster);
}
