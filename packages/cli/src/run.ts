import { CommanderError } from '@commander-js/extra-typings';
import { COMMANDS } from './actions.ts';
import { createRoot } from './arguments/help.ts';
import { CliFailure, EXIT_INTERRUPTED, Interrupted } from './terminal/failure.ts';
import { type Io, OutputClosed, write } from './terminal/io.ts';

/** Runs one command line (without node and script) and gives its exit code: 0, 1, 2, 3 or 130. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const help: string[] = [];
  const root = createRoot(io, (text) => help.push(text));
  for (const add of COMMANDS) {
    add(root, io);
  }
  try {
    if (args.length === 0) {
      root.outputHelp({ error: true });
      return 2;
    }
    await root.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (!(error instanceof CommanderError) || help.length === 0) {
      return explain(error, io);
    }
    return write(io.stdout, help.join('')).then(
      () => explain(error, io),
      (failure: unknown) => explain(failure, io),
    );
  }
}

/** Says what went wrong, on stderr, and gives the exit code. */
function explain(error: unknown, io: Io): number {
  if (error instanceof OutputClosed) {
    return 0;
  }
  if (io.signal.aborted || error instanceof Interrupted) {
    io.stderr.write('Interrupted.\n');
    return EXIT_INTERRUPTED;
  }
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? 0 : 2; // commander has said it already
  }
  if (error instanceof CliFailure) {
    io.stderr.write(`error: ${error.message}\n`);
    return error.exitCode;
  }
  // A defect, or something of the system that no command expected: the stack says where.
  io.stderr.write(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 3;
}
