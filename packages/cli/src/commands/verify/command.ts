import type { Command } from '@commander-js/extra-typings';
import { examples } from '../../arguments/help.ts';
import { dataOption, jsonOption, type OptionsOf, readProgram } from '../../arguments/options.ts';

export type VerifyOptions = OptionsOf<typeof verifyCommand>;

export function verifyCommand(root: Command) {
  return root
    .command('verify')
    .summary('check every invariant of the books')
    .description(
      'Checks every invariant of the books (sums, balances, sequence, hash chain) and derives every closed period again from the ' +
        'events. Exit code 1 and the first difference where one is broken.',
    )
    .option('--program <slug>', 'only this program (default: all)', readProgram)
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('rewardbook verify', 'rewardbook verify --program tiktok-cash-id --json'));
}
