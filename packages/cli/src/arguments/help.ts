import { Command } from '@commander-js/extra-typings';
import type { Io } from '../terminal/io.ts';

const ABOUT = `Runs and simulates creator rewards programs: a share of advertising revenue, paid by likes and follows.

Results go to stdout, progress and logs to stderr. Exit codes: 0 done, 1 differs or an invariant is broken,
2 wrong usage or input, 3 a server or file failed, 130 interrupted.`;

const START = `
Start with:
  rewardbook demo                 everything in one process, from 200,000 events to payouts
  rewardbook up                   the system, empty; the other commands find it by its data folder
  rewardbook <command> --help     options and examples

Environment:
  REWARDBOOK_DATA                 data folder, where --data is not given
  REWARDBOOK_URL                  address of the system (the front of "up", or a gateway)
  REWARDBOOK_URL_EVENTS, REWARDBOOK_URL_LEDGER, REWARDBOOK_URL_REPORTS
                                  addresses of the services one by one
  REWARDBOOK_KEY                  API key for these addresses; or one each for a scope, REWARDBOOK_KEY_WRITE,
                                  REWARDBOOK_KEY_OPERATE, REWARDBOOK_KEY_APPROVE, REWARDBOOK_KEY_READ,
                                  REWARDBOOK_KEY_PAYMENTS, and REWARDBOOK_KEY_ADMIN, by which keys are managed
  DATABASE_URL, REDIS_URL         servers for "up" to use instead of its embedded Postgres
  NO_COLOR                        no colours`;

/**
 * The command without its subcommands. Wrong usage throws a CommanderError after saying what is wrong, on stderr.
 *
 * @param print gets the help for stdout, which commander does not wait for
 */
export function createRoot(io: Io, print: (text: string) => void): Command {
  return new Command('rewardbook')
    .description(ABOUT)
    .addHelpText('after', START)
    .helpCommand('help [command]', 'options and examples of a command')
    .showHelpAfterError('(rewardbook <command> --help shows options and examples)')
    .exitOverride()
    .configureOutput({
      writeOut: print,
      writeErr: (text) => void io.stderr.write(text),
      getOutHelpWidth: () => io.stdout.columns ?? 110,
      getErrHelpWidth: () => io.stderr.columns ?? 110,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    });
}

/** Text that `--help` shows below the options. */
export function examples(...lines: readonly string[]): string {
  return `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
