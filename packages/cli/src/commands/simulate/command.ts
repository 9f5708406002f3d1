import type { Command } from '@commander-js/extra-typings';
import { examples } from '../../arguments/help.ts';
import {
  assumeUtcOption,
  columnsOption,
  creatorsFileOption,
  eventsFormatOption,
  eventsOption,
  jsonOption,
  type OptionsOf,
  revenueOption,
} from '../../arguments/options.ts';

export type SimulateOptions = OptionsOf<typeof simulateCommand>;

export function simulateCommand(root: Command) {
  return root
    .command('simulate')
    .summary('the same rules offline: no server, no books')
    .description(
      'Runs a program over recorded events by the same rules as the ledger, without a server: each period from the first to the ' +
        'last that has revenue. The results agree with those of closes to the byte, with the same inputs. ' +
        'Lines that are not events are counted and named; the rest are used. Events may also be in CSV or Parquet; ' +
        'their columns are known by their names, or given.',
    )
    .requiredOption('--policy <file>', 'policy as YAML 1.2 or JSON')
    .addOption(eventsOption().makeOptionMandatory())
    .addOption(eventsFormatOption())
    .addOption(columnsOption())
    .addOption(assumeUtcOption())
    .addOption(revenueOption().makeOptionMandatory())
    .addOption(creatorsFileOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'rewardbook simulate --policy policy.yaml --events events.ndjson.gz --revenue 2026-10=1000.00 2026-11=1200.00',
        'rewardbook simulate --policy policy.yaml --events - --revenue 2026-10=1000.00 --creators creators.csv --json',
        'rewardbook simulate --policy policy.yaml --events likes.parquet --columns id=row_id,viewerId=fan --revenue 2026-10=1000.00',
      ),
    );
}
