import type { Command } from '@commander-js/extra-typings';
import { examples } from '../../arguments/help.ts';
import {
  addEventsOptions,
  creatorsFileOption,
  formatOption,
  jsonOption,
  type OptionsOf,
  revenueOption,
} from '../../arguments/options.ts';

export type CompareOptions = OptionsOf<typeof compareCommand>;

export function compareCommand(root: Command) {
  return addEventsOptions(
    root
      .command('compare')
      .summary('two policies on the same events: who wins, who loses, how much moves')
      .description(
        'Runs two policies over the same events and revenue, offline, and compares what each creator gets over all periods: before ' +
          '(the first policy), after (the second), difference and ranks; winners and losers in number and by decile of size; the money ' +
          'moved; Gini, top shares, Palma ratio, HHI and Theil T. Events are read once.',
      )
      .requiredOption('--policy <file...>', 'the two policies, as --policy A --policy B'),
  )
    .addOption(revenueOption())
    .addOption(creatorsFileOption())
    .addOption(formatOption('table', 'csv', 'json'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'rewardbook compare --policy now.yaml --policy capped.yaml --events events.ndjson.gz --revenue 2026-10=1000.00',
        'rewardbook compare --policy now.yaml --policy next.yaml --events - --revenue 2026-10=1000.00 --format csv > creators.csv',
        'rewardbook compare --policy seeds/burst-kr/policy.yaml --policy mine.yaml --scenario burst-kr',
      ),
    );
}
