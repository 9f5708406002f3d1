import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export interface Child {
  readonly url: string;
  /** Memory at its peak, MiB. */
  stop(): Promise<void>;
}

/** Starts a module in its own process; resolves with the URL that it prints as its first line. */
export async function startChild(module: URL, environment: Record<string, string>): Promise<Child> {
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', module.pathname], {
    env: { ...process.env, NODE_ENV: 'production', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  if (child.stdout === null) {
    throw new Error('no output');
  }
  const lines = createInterface(child.stdout);
  const first = once(lines, 'line');
  const ended = exited.then(() => {
    throw new Error(`${module.pathname} ended`);
  });
  const [url] = await Promise.race([first, ended]);
  ended.catch(() => undefined);
  return {
    url: String(url),
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
    },
  };
}
