import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A service as a process of its own, which can be killed. */
export interface ServiceProcess {
  /** of the process that runs now */
  readonly pid: number;
  /** Ends it with SIGKILL at once. */
  kill(): Promise<void>;
  /** Starts it again. */
  start(): Promise<void>;
  /** Ends it with SIGKILL at once, and starts it again. */
  killAndRestart(): Promise<void>;
  /** SIGTERM; gives the exit code. */
  stop(): Promise<number | null>;
}

const POLL_MS = 20;

export async function startServiceProcess(
  service: 'engagement-events' | 'ledger' | 'payout-reports' | 'console',
  port: number,
  environment: Readonly<Record<string, string>>,
): Promise<ServiceProcess> {
  let child = launch(service, port, environment);
  await untilHealthy(child, port);
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) {
      return;
    }
    const exit = once(child, 'exit');
    child.kill(signal);
    await exit;
  };
  const start = async (): Promise<void> => {
    child = launch(service, port, environment);
    await untilHealthy(child, port);
  };
  return {
    get pid() {
      return child.pid ?? 0;
    },
    kill: () => end('SIGKILL'),
    start,
    killAndRestart: async () => {
      await end('SIGKILL');
      await start();
    },
    stop: async () => {
      await end('SIGTERM');
      return child.exitCode;
    },
  };
}

function launch(service: string, port: number, environment: Readonly<Record<string, string>>): ChildProcess {
  const main = fileURLToPath(new URL(`../../services/${service}/src/main.ts`, import.meta.url));
  return spawn(process.execPath, ['--import', import.meta.resolve('tsx'), main], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, LOG_LEVEL: 'fatal', PORT: String(port), ...environment },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

async function untilHealthy(child: ChildProcess, port: number): Promise<void> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
    if (answer?.ok) {
      return;
    }
    if (child.exitCode !== null) {
      throw new Error(`${child.spawnargs.at(-1)} ended with ${child.exitCode} while starting`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}
