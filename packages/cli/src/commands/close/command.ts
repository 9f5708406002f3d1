import { type Command, Option } from '@commander-js/extra-typings';
import { examples } from '../../arguments/help.ts';
import { dataOption, jsonOption, type OptionsOf, programOption, readPeriod } from '../../arguments/options.ts';

export type CloseOptions = OptionsOf<typeof closeCommand>;

export function closeCommand(root: Command) {
  return root
    .command('close')
    .summary('close a period into the books')
    .description(
      'Closes a period: decides which events count, splits the pool, posts the entry; waits until it is done and shows the result. ' +
        'Periods close in order, after their end, once revenue is booked. A closed period never changes. ' +
        'A dry run shows what a close would give now, also in the middle of a period, and changes nothing.',
    )
    .addOption(programOption())
    .requiredOption('--period <period>', 'period to close', readPeriod)
    .addOption(new Option('--dry-run', 'show the result, change nothing').default(false))
    .addOption(
      new Option(
        '--cancel',
        'cancel a close that was begun and fails: the period is open again, nothing is lost; put right what the failure names, then close again',
      )
        .default(false)
        .conflicts('dryRun'),
    )
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'rewardbook close --program tiktok-cash-id --period 2026-10 --dry-run',
        'rewardbook close --program tiktok-cash-id --period 2026-10 --json > 2026-10.json',
        'rewardbook close --program tiktok-cash-id --period 2026-10 --cancel',
      ),
    );
}
