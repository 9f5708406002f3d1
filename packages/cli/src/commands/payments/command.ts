import { type Command, Option } from '@commander-js/extra-typings';
import { examples } from '../../arguments/help.ts';
import { dataOption, jsonOption, type OptionsOf, programOption } from '../../arguments/options.ts';
import { readDate } from '../../arguments/time-options.ts';

export type PaymentsOptions = OptionsOf<typeof paymentsCommand>;

export function paymentsCommand(root: Command) {
  return root
    .command('payments <run>')
    .summary("write an approved run's payments for a bank")
    .description(
      'Writes the payments of an approved run to a folder: a file for its currency, and a manifest with their number, control sum and ' +
        'SHA-256. Each file is there whole or not at all, the manifest last. Nothing is marked: "payout-run export" says that ' +
        'the files went to the bank. What came back meanwhile is left out.',
    )
    .addOption(programOption())
    .addOption(
      new Option('--format <format>', 'csv: for no particular bank; pain001: ISO 20022 pain.001.001.09')
        .choices(['csv', 'pain001'])
        .default('csv'),
    )
    .requiredOption('-o, --output <dir>', 'folder, created if it does not exist')
    .option(
      '--execution-date <date>',
      "pain001: when the bank is to pay (default: today in the program's time zone)",
      readDate,
    )
    .option('--debtor-name <name>', "pain001: who pays (default: the program's name)")
    .option('--debtor-account <account>', 'pain001: IBAN or another account that pays')
    .option('--debtor-bic <bic>', 'pain001: the bank that pays')
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'rewardbook payments 2026-10-1 --program tiktok-cash-id -o bank',
        'rewardbook payments 2026-10-1 --program tiktok-cash-id --format pain001 --debtor-account GB82WEST12345698765432 -o bank',
      ),
    );
}
