import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Urls, urlsSchema } from '@rewardbook/local/connection-file';
import { assertFree, portsFrom } from '@rewardbook/local/ports';
import { z } from 'zod';
import { outcomeOf, type Run, startCommand } from './test-command.ts';

/** `rewardbook up` as a child process, ready. */
export interface Up {
  readonly urls: Urls;
  readonly child: ChildProcess;
  /** What it came to, once it has ended. */
  readonly ended: Promise<Run>;
}

const readySchema = z.object({ urls: urlsSchema, dataDir: z.string() });

/** Starts the command and waits for its line of addresses. */
export async function startUp(dataDir: string, port = 0, env: Record<string, string> = {}): Promise<Up> {
  const child = startCommand(['up', '--data', dataDir, '--port', String(port), '--json'], { env });
  const ended = outcomeOf(child);
  if (child.stdout === null) {
    throw new Error('the command has no stdout');
  }
  const lines = createInterface({ input: child.stdout });
  const line = await Promise.race([once(lines, 'line'), ended.then((run) => Promise.reject(new Error(run.stderr)))]);
  return { urls: readySchema.parse(JSON.parse(String(line[0]))).urls, child, ended };
}

/** A folder that the database's user can reach where the tests run as root. */
export async function makeDataFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rewardbook-e2e-'));
  await chmod(folder, 0o711);
  return folder;
}

/** The first of five ports in a row that were free a moment ago, for a system that is to come back where it was. */
export async function findFreePorts(): Promise<number> {
  for (;;) {
    const first = 20_000 + 5 * Math.floor(Math.random() * 2_400); // below what the system gives out by itself
    const free = await assertFree(portsFrom(first)).then(
      () => true,
      () => false,
    );
    if (free) {
      return first;
    }
  }
}
