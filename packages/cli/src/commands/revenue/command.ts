import type { Command } from '@commander-js/extra-typings';
import { examples } from '../../arguments/help.ts';
import {
  dataOption,
  jsonOption,
  type OptionsOf,
  programOption,
  readDecimal,
  readPeriod,
} from '../../arguments/options.ts';

export type RevenueOptions = OptionsOf<typeof revenueCommand>;

export function revenueCommand(root: Command) {
  return root
    .command('revenue')
    .summary('book advertising revenue for a period')
    .description(
      'Books advertising revenue for a period that is still open. The reference makes it safe to repeat: the same booking again ' +
        'has no effect, another one under the same reference is refused. Book 0.00 for a period that had none.',
    )
    .addOption(programOption())
    .requiredOption('--period <period>', 'period that the revenue belongs to', readPeriod)
    .requiredOption(
      '--amount <amount>',
      'major units of the currency, as 1000.00; negative for a correction',
      readDecimal,
    )
    .requiredOption('--reference <text>', 'what identifies this booking, as an invoice number')
    .option('--corrects <key>', 'key of the revenue entry that this one corrects, as revenue:<reference>')
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'rewardbook revenue --program tiktok-cash-id --period 2026-10 --amount 1500000000.00 --reference INV-2026-10',
        'rewardbook revenue --program tiktok-cash-id --period 2026-11 --amount=-250000.00 \\',
        '    --reference CN-7 --corrects revenue:INV-2026-10',
      ),
    );
}
