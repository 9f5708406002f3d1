import { PassThrough } from 'node:stream';
import { run } from '@rewardbook/cli/run';
import type { Run } from '@rewardbook/cli/test-command';

/** Runs a command line in this process: several times as fast as the command itself, which other tests start. */
export async function runInside(args: readonly string[]): Promise<Run> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const texts = Promise.all([stdout, stderr].map(textOf));
  const io = { stdin: new PassThrough(), stdout, stderr, env: {}, signal: new AbortController().signal };
  io.stdin.end();
  const code = await run(args, io);
  stdout.end();
  stderr.end();
  const [out = '', err = ''] = await texts;
  return { code, stdout: out, stderr: err };
}

async function textOf(stream: PassThrough): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces).toString('utf8');
}
