import { createWriteStream, fstatSync } from 'node:fs';
import { run } from './run.ts';
import { EXIT_INTERRUPTED, Interrupted } from './terminal/failure.ts';

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second one forces; the embedded Postgres then ends by its watchdog.
    if (interrupt.signal.aborted) {
      process.exit(EXIT_INTERRUPTED);
    }
    interrupt.abort(new Interrupted(signal));
  });
}
// Node's own stream for a file takes a write of half the bytes for a whole one, which the last bytes of a disk make.
const stdout = fstatSync(1).isFile() ? createWriteStream('', { fd: 1, autoClose: false }) : process.stdout;
// Without a listener a failed write would be an uncaught error; `write` throws it.
stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

process.exitCode = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout,
  stderr: process.stderr,
  env: process.env,
  signal: interrupt.signal,
});
