import { type Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { examples } from '../../arguments/help.ts';
import { dataOption, jsonOption, type OptionsOf, programOption, readDecimal } from '../../arguments/options.ts';

export function cashGroup(root: Command) {
  return root
    .command('cash')
    .summary('money that came in: receipts of revenue, funding')
    .description('Books money that came in. The reference makes it safe to repeat; "reverse" takes an entry back.');
}

export type CashOptions = OptionsOf<typeof cashCommand>;

export function cashCommand(group: Command, kind: 'receipt' | 'funding') {
  return group
    .command(kind)
    .description(kind === 'receipt' ? 'Advertising revenue was received: ad-receivable → cash.' : 'Cash was put in.')
    .addOption(programOption())
    .requiredOption('--amount <amount>', 'major units of the currency, as 1000.00', readDecimal)
    .requiredOption('--reference <text>', 'what identifies it, as the bank’s reference')
    .option('--reason <text>', 'anything else worth knowing')
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(`rewardbook cash ${kind} --program tiktok-cash-id --amount 1000.00 --reference BANK-4711`),
    );
}

export function taxGroup(root: Command) {
  return root
    .command('tax')
    .summary('tax that payout runs withheld: what is due, remit')
    .description(
      'Tax that was withheld stays in an account of its country until it is remitted or its payout returned.',
    );
}

export type TaxDueOptions = OptionsOf<typeof taxDueCommand>;

export function taxDueCommand(group: Command) {
  return group
    .command('due')
    .description('What is neither returned nor remitted, by run and country.')
    .addOption(programOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('rewardbook tax due --program tiktok-cash-id'));
}

export type RemitTaxOptions = OptionsOf<typeof remitTaxCommand>;

export function remitTaxCommand(group: Command) {
  return group
    .command('remit')
    .description('Remits what is due of a country: tax → cash. The reference makes it safe to repeat.')
    .addOption(programOption())
    .requiredOption('--country <code>', 'tax country, as ID', readCountry)
    .option('--run <run>', 'only what this run withheld (default: all that is due)')
    .requiredOption('--reference <text>', 'what identifies the remittance')
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('rewardbook tax remit --program tiktok-cash-id --country ID --reference TAX-2026-10'),
    );
}

function readCountry(text: string): string {
  if (!/^[A-Z]{2}$/.test(text)) {
    throw new InvalidArgumentError('A country is two capital letters, as ID.');
  }
  return text;
}
