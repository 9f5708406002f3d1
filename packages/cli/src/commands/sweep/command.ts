import type { Command } from '@commander-js/extra-typings';
import { Option } from '@commander-js/extra-typings';
import { MAX_QUESTION } from '@rewardbook/contracts/api/lab-limits';
import { examples } from '../../arguments/help.ts';
import {
  addEventsOptions,
  creatorsFileOption,
  formatOption,
  jsonOption,
  type OptionsOf,
  revenueOption,
  wholeNumber,
} from '../../arguments/options.ts';
import { readAxis } from './axis.ts';

export type SweepOptions = OptionsOf<typeof sweepCommand>;

export function sweepCommand(root: Command) {
  return addEventsOptions(
    root
      .command('sweep')
      .summary('a policy with one or two of its keys varied over a grid')
      .description(
        'Runs a policy with its keys set to each combination of values on the same events, and gives the measures of each point, with ' +
          'winners, losers and the money moved against the unchanged policy. With --seeds each point is run on the events of ' +
          'that many seeds of the scenario, and each figure is the mean of the runs with its two-sided 95% t interval. ' +
          `A grid has at most ${MAX_QUESTION.gridSize} points.`,
      )
      .option('--policy <file>', "policy as YAML 1.2 or JSON; a pack's own if left out")
      .addOption(
        new Option('--set <key=values>', 'FROM..TO:STEP or A,B,C; once for each key')
          .argParser(readAxis)
          .makeOptionMandatory(),
      ),
  )
    .addOption(revenueOption())
    .addOption(creatorsFileOption())
    .addOption(
      new Option('--seeds <n>', 'Monte Carlo over that many seeds of the scenario, from its own upwards').argParser(
        wholeNumber(2, MAX_QUESTION.seeds),
      ),
    )
    .addOption(formatOption('table', 'csv', 'json'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'rewardbook sweep --policy policy.yaml --events events.ndjson.gz --revenue 2026-10=1000.00 --set weights.follow=1..10:1',
        'rewardbook sweep --scenario burst-kr --set allocation.maxShare=0.05..0.5:0.05 --set weights.follow=1,3,5 --format csv',
        'rewardbook sweep --scenario kwai-br --count 20000 --set risk.minViewerAgeHours=1,24,48 --seeds 10 --json',
      ),
    );
}
