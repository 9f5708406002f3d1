import { EXIT_INTERRUPTED, Interrupted } from './failure.ts';
import { run } from './run.ts';

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    // The second one forces; the embedded Postgres then ends by its watchdog.
    if (interrupt.signal.aborted) process.exit(EXIT_INTERRUPTED);
    interrupt.abort(new Interrupted(signal));
  });
}
// Without a listener a reader that has gone would be an uncaught error; `write` sees that the stream is destroyed.
process.stdout.on('error', () => undefined);
process.stderr.on('error', () => undefined);

process.exitCode = await run(process.argv.slice(2), {
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  signal: interrupt.signal,
});
