import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import autocannon from 'autocannon';
import { singleEvent } from './single-event.ts';

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL('./single-events.lua', import.meta.url));

export interface Target {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Sends single events, each as soon as the last is answered; gives requests a second. */
export interface Load {
  /**
   * `wrk`, or, if that is not installed, `autocannon`, which uses a third as much processor time as what is measured.
   */
  readonly tool: string;
  requestsPerSecond(target: Target, connections: number, seconds: number): Promise<number>;
}

export async function openLoad(): Promise<Load> {
  const hasWrk = await run('wrk', ['--version']).then(
    () => true,
    (error: unknown) => !(error instanceof Error && 'code' in error && error.code === 'ENOENT'), // it prints its version and exits with 1
  );
  return hasWrk
    ? { tool: 'wrk', requestsPerSecond: withWrk }
    : { tool: 'autocannon', requestsPerSecond: withAutocannon };
}

let runs = 0;

async function withWrk({ url, headers }: Target, connections: number, seconds: number): Promise<number> {
  runs += 1;
  const sent = Object.entries({ 'content-type': 'application/json', ...headers });
  const { stdout } = await run('wrk', [
    ...['-t1', `-c${connections}`, `-d${seconds}s`, '-s', SCRIPT],
    ...sent.flatMap(([name, value]) => ['-H', `${name}: ${value}`]),
    ...[url, '--', String(runs).padStart(4, '0')],
  ]);
  const result: { requests: number; microseconds: number; refused: number; failed: number } = JSON.parse(
    stdout.trim().split('\n').at(-1) ?? '',
  );
  return rate({ ...result, seconds: result.microseconds / 1e6 });
}

async function withAutocannon({ url, headers }: Target, connections: number, seconds: number): Promise<number> {
  const result = await autocannon({
    url,
    connections,
    duration: seconds,
    requests: [
      {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        setupRequest: (request) => ({ ...request, body: singleEvent() }),
      },
    ],
  });
  return rate({ requests: result['2xx'], seconds: result.duration, refused: result.non2xx, failed: result.errors });
}

function rate(of: { requests: number; seconds: number; refused: number; failed: number }): number {
  if (of.refused > 0 || of.failed > 0) {
    throw new Error(`${of.refused} requests refused, ${of.failed} failed`);
  }
  return of.requests / of.seconds;
}
