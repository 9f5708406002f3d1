import { PassThrough, Readable, Writable } from 'node:stream';
import { run } from './run.ts';
import type { Run } from './test-command.ts';

/** Runs the command in this process, for tests of commands that touch nothing but their Io: a child process costs a second. */
export async function runHere(
  args: readonly string[],
  stdin = '',
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const stdout = collector();
  const stderr = collector();
  const input = stdin === '' ? new PassThrough().end() : Readable.from([Buffer.from(stdin, 'utf8')]);
  const signal = new AbortController().signal;
  const code = await run(args, { stdin: input, stdout: stdout.stream, stderr: stderr.stream, env, signal });
  return { code, stdout: stdout.text(), stderr: stderr.text() };
}

function collector(): { readonly stream: Writable; text(): string } {
  const pieces: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      pieces.push(chunk);
      done();
    },
  });
  return { stream, text: () => Buffer.concat(pieces).toString('utf8') };
}
