import type { Command } from '@commander-js/extra-typings';
import { examples } from '../../arguments/help.ts';
import { dataOption, jsonOption, type OptionsOf, programOption, readPeriod } from '../../arguments/options.ts';

export type ExplainOptions = OptionsOf<typeof explainCommand>;

export function explainCommand(root: Command) {
  return root
    .command('explain')
    .summary('why a creator got this amount')
    .description(
      'Shows the whole derivation of a creator’s amount for a closed period: events and exclusions, engagements gained and lost, ' +
        'points, conditions, the exact quota with its remainder and rank, cap, holdback, payments and journal entries. ' +
        'The JSON has links to the engagements and events behind each number.',
    )
    .addOption(programOption())
    .requiredOption('--period <period>', 'a closed period', readPeriod)
    .requiredOption('--creator <id>', 'the creator')
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'rewardbook explain --program tiktok-cash-id --period 2026-10 --creator c42',
        'rewardbook explain --program tiktok-cash-id --period 2026-10 --creator c42 --json',
      ),
    );
}
