import type { Command } from '@commander-js/extra-typings';
import { MAX_QUESTION, QUESTION_DEFAULTS } from '@rewardbook/contracts/api/lab-limits';
import { examples } from '../../arguments/help.ts';
import {
  addEventsOptions,
  creatorsFileOption,
  formatOption,
  jsonOption,
  type OptionsOf,
  wholeNumber,
} from '../../arguments/options.ts';

const MAX_COUNT = 1_000_000_000;

export type ScreenCommandOptions = OptionsOf<typeof screenCommand>;

export function screenCommand(root: Command) {
  return addEventsOptions(
    root
      .command('screen')
      .summary('rising creators: growth against their size, steadiness over periods')
      .description(
        'Lists creators who win more followers than others of their size (peers: the same power of ten of followers at the start), steadily ' +
          'and rising over the periods of the events. Lift is net follows over the mean of the peers; steadiness is 1 for the same points in ' +
          'each period, 1/n for all in one of n; trend is 1 if each period brings more than all before; score is ' +
          'lift × steadiness × (1 + trend) / 2. Likes and follows count by the risk rules of the policy; no revenue is needed.',
      )
      .option('--policy <file>', "policy as YAML 1.2 or JSON; a pack's own if left out"),
  )
    .addOption(creatorsFileOption())
    .option(
      '--periods <n>',
      'how many of the last periods to look at (default: all)',
      wholeNumber(1, MAX_COUNT),
      QUESTION_DEFAULTS.screenedPeriods,
    )
    .option(
      '--min-follows <n>',
      'minimum net follows in these periods',
      wholeNumber(1, MAX_COUNT),
      QUESTION_DEFAULTS.minFollows,
    )
    .option(
      '--min-followers <n>',
      'minimum followers at their start',
      wholeNumber(0, MAX_COUNT),
      QUESTION_DEFAULTS.minFollowers,
    )
    .option(
      '--max-followers <n>',
      'maximum followers at their start',
      wholeNumber(0, MAX_COUNT),
      QUESTION_DEFAULTS.maxFollowers,
    )
    .option('--top <n>', 'how many to list', wholeNumber(1, MAX_QUESTION.listed), QUESTION_DEFAULTS.listed)
    .addOption(formatOption('table', 'csv', 'json'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'rewardbook screen --scenario scout-in',
        'rewardbook screen --policy policy.yaml --events events.ndjson.gz --creators creators.csv --periods 3 --max-followers 10000 --json',
      ),
    );
}
