import type { Command } from 'commander';
import { examples } from '../../arguments/help.ts';
import { dataOption, jsonOption, programOption } from '../../arguments/options.ts';
import type { Io } from '../../terminal/io.ts';
import type { HoldOptions, ListHoldsOptions } from './hold.ts';

export function registerHold(root: Command, io: Io): void {
  const group = root
    .command('hold')
    .summary('creators who are not to be paid')
    .description(
      'A creator on hold waits in every payout run until each reason is lifted. What was placed and lifted stays on record.',
    );
  for (const action of ['place', 'lift'] as const) {
    group
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
      )
      .action(async (options: HoldOptions) => {
        const { setHold } = await import('./hold.ts');
        await setHold(action, options, io);
      });
  }
  group
    .command('list')
    .description('Holds in force, or the whole history.')
    .addOption(programOption())
    .option('--creator <id>', 'only this creator')
    .option('--all', 'what was placed and lifted too', false)
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('rewardbook hold list --program tiktok-cash-id --all'))
    .action(async (options: ListHoldsOptions) => {
      const { listHolds } = await import('./hold.ts');
      await listHolds(options, io);
    });
}
