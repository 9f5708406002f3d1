import type { Command } from '@commander-js/extra-typings';
import { examples } from '../../arguments/help.ts';
import { type OptionsOf, wholeNumber } from '../../arguments/options.ts';

export type DemoOptions = OptionsOf<typeof demoCommand>;

export function demoCommand(root: Command) {
  return root
    .command('demo')
    .summary('see it work: 240,000 events of two months, from ingest to payouts')
    .description(
      'Starts the system on a fresh temporary folder, replays the seed pack tiktok-cash-id over HTTP, books its revenue, closes its ' +
        'months, prints the payouts of the top creators and verifies the books. With a terminal it then stays up, with a link to the console; ' +
        'otherwise it stops. The folder is removed at the end; DATABASE_URL and REDIS_URL are left alone. The figures are the same every time.',
    )
    .option('--port <port>', 'of the page that lists the services; 0 takes free ones', wholeNumber(0, 65_531), 0)
    .addHelpText('after', examples('rewardbook demo', 'rewardbook demo --port 4100', 'rewardbook demo > report.txt'));
}
