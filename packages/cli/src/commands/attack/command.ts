import type { Command } from '@commander-js/extra-typings';
import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { MAX_QUESTION, QUESTION_DEFAULTS } from '@rewardbook/contracts/api/lab-limits';
import { ADVERSARY_KINDS } from '@rewardbook/simulate/generator/scenario';
import { examples } from '../../arguments/help.ts';
import {
  addEventsOptions,
  creatorsFileOption,
  formatOption,
  jsonOption,
  type OptionsOf,
  readDecimal,
  revenueOption,
  wholeNumber,
} from '../../arguments/options.ts';

export type AttackOptions = OptionsOf<typeof attackCommand>;

export function attackCommand(root: Command) {
  return addEventsOptions(
    root
      .command('attack')
      .summary('what an adversary would gain, under each policy and rule')
      .description(
        'Adds an adversary to recorded or generated events and runs each policy with and without: what the adversary gains, in all and per ' +
          'fake event, the price of an event at which it breaks even, what others lose, and which rules stop it: each policy as written, ' +
          'without its rules, and with each of them alone.\n\n' +
          'bought-followers  accounts that follow the creators (then like)\n' +
          'fake-viewers      accounts that like content after content\n' +
          "like-ring         the creators' second accounts like each other's contents\n" +
          'toggling          accounts that like and unlike over and over\n' +
          'whale             one viewer who likes content after content\n' +
          'split             no fake events: an account becomes several\n\n' +
          'With --search it needs no events: it looks through small random worlds for one in which splitting an account in two, or fake ' +
          'viewers, pay under each allocation method (or each --policy), and shows the world of the largest gain.',
      )
      .option('--policy <file...>', "one or more policies, named as written here; a pack's own if left out")
      .addOption(new Option('--kind <kind>', 'what the adversary does').choices(ADVERSARY_KINDS))
      .option('--size <n>', 'fake events', wholeNumber(1, MAX_QUESTION.fakeEvents), QUESTION_DEFAULTS.fakeEvents)
      .option(
        '--accounts <n>',
        'fake viewers, or accounts to split into (default: by kind; a like ring has one for each creator, a whale is one)',
        wholeNumber(1, MAX_QUESTION.accounts),
      )
      .option('--creator <id...>', 'who is to gain (default: from the middle of those who earn)')
      .option(
        '--hours <n>',
        'how long it takes, from the start of the first period (default: until the last ends)',
        wholeNumber(1, MAX_QUESTION.hours),
      )
      .option('--cost <price>', 'price of a fake event, in major units', readPrice, '0')
      .option('--account-cost <price>', 'price of an account', readPrice, '0')
      .option('--rule <key=value...>', 'a rule to try alone, as maxLikesPerPair=10'),
  )
    .addOption(revenueOption())
    .addOption(creatorsFileOption())
    .option('--search', 'look for worlds in which manipulation pays', false)
    .option('--trials <n>', 'how many worlds', wholeNumber(1, MAX_QUESTION.trials), QUESTION_DEFAULTS.trials)
    .addOption(formatOption('table', 'csv', 'json'))
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'rewardbook attack --scenario kwai-br --kind bought-followers --size 2000 --cost 0.02',
        'rewardbook attack --policy now.yaml --policy next.yaml --events events.ndjson.gz --revenue 2026-10=1000.00 --kind whale --creator c1',
        'rewardbook attack --scenario gulf-live --kind like-ring --rule maxLikesPerPair=10 minViewerAgeHours=24',
        'rewardbook attack --search --trials 1000 --json',
      ),
    );
}

function readPrice(text: string): string {
  const price = readDecimal(text);
  if (price.startsWith('-')) {
    throw new InvalidArgumentError('A price is 0 or more.');
  }
  return price;
}
