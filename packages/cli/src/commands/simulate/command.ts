import type { Command } from '@commander-js/extra-typings';
import { examples } from '../../arguments/help.ts';
import { creatorsFileOption, jsonOption, type OptionsOf, revenueOption } from '../../arguments/options.ts';

export type SimulateOptions = OptionsOf<typeof simulateCommand>;

export function simulateCommand(root: Command) {
  return root
    .command('simulate')
    .summary('the same rules offline: no server, no books')
    .description(
      'Runs a program over recorded events by the same rules as the ledger, without a server: each period from the first to the ' +
        'last that has revenue. The results agree with those of closes to the byte, with the same inputs. ' +
        'Lines that are not events are counted and named; the rest are used.',
    )
    .requiredOption('--policy <file>', 'policy as YAML 1.2 or JSON')
    .requiredOption('--events <file>', 'events as NDJSON, plain or gzip; - is stdin')
    .addOption(revenueOption().makeOptionMandatory())
    .addOption(creatorsFileOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'rewardbook simulate --policy policy.yaml --events events.ndjson.gz --revenue 2026-10=1000.00 2026-11=1200.00',
        'rewardbook simulate --policy policy.yaml --events - --revenue 2026-10=1000.00 --creators creators.csv --json',
      ),
    );
}
