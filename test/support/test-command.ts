import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The outcome of a run of the real command. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string | Uint8Array;
  /** On top of PATH and HOME only: a test does not depend on its surroundings. */
  readonly env?: Readonly<Record<string, string>>;
  /** An open file to print to, instead of a pipe that is collected. */
  readonly stdout?: number;
}

const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));

/** Starts the command as a child process, as `pnpm rewardbook` does. */
export function startCommand(args: readonly string[], { env = {}, stdout }: RunOptions = {}): ChildProcess {
  return spawn(process.execPath, ['--import', import.meta.resolve('tsx'), MAIN, ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
    stdio: ['pipe', stdout ?? 'pipe', 'pipe'],
  });
}

/** Runs the command to its end. */
export async function runCommand(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  const child = startCommand(args, options);
  child.stdin?.on('error', () => undefined); // it may end before it has read all
  child.stdin?.end(options.stdin);
  return outcomeOf(child);
}

/** Collects what a child writes until it ends. */
export async function outcomeOf(child: ChildProcess): Promise<Run> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr?.on('data', (chunk: Buffer) => stderr.push(chunk));
  const [code]: (number | null)[] = await once(child, 'close');
  return {
    code: code ?? null,
    stdout: Buffer.concat(stdout).toString('utf8'),
    stderr: Buffer.concat(stderr).toString('utf8'),
  };
}
