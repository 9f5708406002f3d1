import { type Command, Option } from '@commander-js/extra-typings';
import { ADJUSTMENT_KINDS } from '@rewardbook/domain/books/adjustment';
import { examples } from '../../arguments/help.ts';
import { dataOption, jsonOption, type OptionsOf, programOption, readDecimal } from '../../arguments/options.ts';

export type AdjustOptions = OptionsOf<typeof adjustCommand>;

export function adjustCommand(root: Command) {
  return root
    .command('adjust')
    .summary("adjust a creator's balance: adjustment, clawback, write-off, unclaimed")
    .description(
      "Moves money between a creator and the platform. The reference makes it safe to repeat. Where the policy's approvals list " +
        'adjustments, a second person has to approve it first (see "approvals").\n\n' +
        'adjustment  gives to the creator, or takes where the amount is negative\n' +
        'clawback    takes back: from the payable balance first, then from what is held; the balance may become negative\n' +
        'write-off   gives up what a creator owes beyond what is held\n' +
        'unclaimed   moves a balance that nobody claims to the platform',
    )
    .addOption(programOption())
    .requiredOption('--creator <id>', 'whose balance')
    .requiredOption('--amount <amount>', 'major units of the currency, as 10.00', readDecimal)
    .requiredOption('--reason <text>', 'why')
    .requiredOption('--reference <text>', 'what identifies this adjustment')
    .addOption(new Option('--kind <kind>', 'what it is').choices(ADJUSTMENT_KINDS).default('adjustment'))
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'rewardbook adjust --program tiktok-cash-id --creator c42 --amount 10.00 --reason "late bonus" --reference ADJ-1',
        'rewardbook adjust --program tiktok-cash-id --creator c42 --kind clawback --amount 250000.00 \\',
        '    --reason "bought likes" --reference FRAUD-7',
      ),
    );
}

export type ReverseOptions = OptionsOf<typeof reverseCommand>;

export function reverseCommand(root: Command) {
  return root
    .command('reverse')
    .summary('reverse an entry of the journal, once')
    .description(
      'Posts an entry with the negated postings, which names the one it reverses: adjustments, cash and tax remittances. Closes are ' +
        'never reversed; payouts are returned; revenue is corrected by a new booking.',
    )
    .argument('<entry>', 'key of the entry, as adjustment:ADJ-1')
    .addOption(programOption())
    .requiredOption('--reason <text>', 'why')
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('rewardbook reverse adjustment:ADJ-1 --program tiktok-cash-id --reason "typed twice"'),
    );
}
