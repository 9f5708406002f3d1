import { PassThrough, Readable, Writable } from 'node:stream';
import { run } from '@rewardbook/cli/run';
import type { Run } from './test-command.ts';

/**
 * Runs the command in this process, for tests of commands that touch nothing but their Io: a child process costs a second.
 *
 * @param stdout left out, what the command prints is collected
 */
export async function runHere(
  args: readonly string[],
  stdin: string | Uint8Array = '',
  env: Readonly<Record<string, string>> = {},
  stdout = collector(),
): Promise<Run> {
  const stderr = collector();
  const input = stdin.length === 0 ? new PassThrough().end() : Readable.from([Buffer.from(stdin)]);
  const signal = new AbortController().signal;
  const code = await run(args, { stdin: input, stdout: stdout.stream, stderr: stderr.stream, env, signal });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

/** An output as a full disk gives it: it takes nothing. */
export function failingOutput(code: 'ENOSPC' | 'EIO' | 'EPIPE'): Collector {
  const stream = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error(`${code}: made by a test`), { code })),
  });
  stream.on('error', () => undefined); // as main.ts does
  return { stream, text: () => '' };
}

interface Collector {
  readonly stream: Writable;
  text(): string;
}

function collector(): Collector {
  const pieces: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      pieces.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(pieces).toString('utf8') };
}
