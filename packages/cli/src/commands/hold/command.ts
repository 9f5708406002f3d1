import type { Command } from '@commander-js/extra-typings';
import { examples } from '../../arguments/help.ts';
import { dataOption, jsonOption, type OptionsOf, programOption } from '../../arguments/options.ts';

export function holdGroup(root: Command) {
  return root
    .command('hold')
    .summary('creators who are not to be paid')
    .description(
      'A creator on hold waits in every payout run until each reason is lifted. What was placed and lifted stays on record.',
    );
}

export type SetHoldOptions = OptionsOf<typeof setHoldCommand>;

export function setHoldCommand(group: Command, action: 'place' | 'lift') {
  return group
    .command(action)
    .description(
      action === 'place'
        ? 'Places a hold for a reason.'
        : "Lifts a hold; others that are in force stay. Waits for a second person where the policy's approvals list holds.",
    )
    .addOption(programOption())
    .requiredOption('--creator <id>', 'who')
    .requiredOption('--reason <word>', 'a short word, as fraud-review; a returned payout places "returned"')
    .option('--note <text>', 'anything else worth knowing')
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(`rewardbook hold ${action} --program tiktok-cash-id --creator c42 --reason fraud-review`),
    );
}

export type ListHoldsOptions = OptionsOf<typeof listHoldsCommand>;

export function listHoldsCommand(group: Command) {
  return group
    .command('list')
    .description('Holds in force, or the whole history.')
    .addOption(programOption())
    .option('--creator <id>', 'only this creator')
    .option('--all', 'what was placed and lifted too', false)
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('rewardbook hold list --program tiktok-cash-id --all'));
}
