import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { EmbeddedPostgresError } from './error.ts';
import type { ServerUser } from './server-user.ts';

/**
 * How every program of the cluster is started: as the server's user, from a folder that everyone may enter (ours may
 * be closed to that user), in its own process group (Ctrl-C is for us: the server must outlive the services that drain
 * into it), with none of our PG… or locale variables.
 */
export function programOptions(user: ServerUser | undefined): SpawnOptions {
  return {
    cwd: '/',
    detached: true,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
    ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
  };
}

/** Resolves with the exit of a child; rejects when it could not even be started. */
export function exitOf(child: ChildProcess, program: string): Promise<{ code: number | null; signal: string | null }> {
  return new Promise((resolve, reject) => {
    child.once('error', (cause) =>
      reject(
        new EmbeddedPostgresError(
          'unsupported',
          `The PostgreSQL binary ${program} does not run here (${cause.message}). Set DATABASE_URL to a server of your own.`,
          { cause },
        ),
      ),
    );
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

/**
 * Runs a program to its end.
 *
 * @returns what it wrote, both streams together
 * @throws EmbeddedPostgresError `unsupported` if it cannot be started, `failed` with its output if it does not end with 0
 */
export async function runToEnd(
  program: string,
  args: readonly string[],
  user: ServerUser | undefined,
): Promise<string> {
  const child = spawn(program, args, { ...programOptions(user), stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const { code, signal } = await exitOf(child, program);
  if (code !== 0) {
    throw new EmbeddedPostgresError('failed', `${program} ended with ${signal ?? code}: ${output.trim().slice(-2000)}`);
  }
  return output;
}
