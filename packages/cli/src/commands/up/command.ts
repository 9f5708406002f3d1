import type { Command } from '@commander-js/extra-typings';
import { examples } from '../../arguments/help.ts';
import { dataOption, jsonOption, type OptionsOf, wholeNumber } from '../../arguments/options.ts';

const LAST_PORT = 65_535 - 4;

export type UpOptions = OptionsOf<typeof upCommand>;

export function upCommand(root: Command) {
  return root
    .command('up')
    .summary('run the whole system in one process')
    .description(
      'Runs everything in one process until it is stopped: an embedded Postgres (or DATABASE_URL), the queue in it (or in ' +
        'REDIS_URL), the four services and a page that lists them. Prints a link to the console that signs in once, within ten minutes. Addresses and API keys are written to rewardbook.json in the ' +
        'data folder (mode 600), by which the other commands find it. Ctrl-C or SIGTERM stops it in order, a second one at once.',
    )
    .addOption(dataOption())
    .option(
      '--port <port>',
      'of the page; engagement-events is on the next, then ledger, payout-reports and the console; 0 takes free ports',
      wholeNumber(0, LAST_PORT),
      4100,
    )
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'rewardbook up',
        'rewardbook up --data ./data --port 0 --json',
        'REDIS_URL=redis://127.0.0.1:6379 rewardbook up',
      ),
    );
}
