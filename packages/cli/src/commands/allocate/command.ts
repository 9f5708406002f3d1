import { type Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { examples } from '../../arguments/help.ts';
import { jsonOption, type OptionsOf, readDecimal } from '../../arguments/options.ts';

export type AllocateOptions = OptionsOf<typeof allocateCommand>;

export function allocateCommand(root: Command) {
  return root
    .command('allocate')
    .summary('split an amount by weights, by largest remainder')
    .description(
      'Splits an amount of whole units by the largest-remainder method (Hamilton): CSV "id,weight" on stdin, ' +
        '"id,amount" on stdout in the same order. The parts add up to the amount; ties go to the smaller id in bytes. ' +
        'Weights may be decimals. A header "id,weight" is allowed, and answered with one.',
    )
    .requiredOption('--amount <units>', 'whole units to split, of any size', readAmount)
    .option('--max-share <share>', 'most of the amount that one id may get, as 0.10', readDecimal)
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        "printf 'a,80\\nb,8\\nc,12\\n' | rewardbook allocate --amount 15",
        'rewardbook allocate --amount 1000000 --max-share 0.10 < weights.csv > amounts.csv',
      ),
    );
}

function readAmount(text: string): bigint {
  if (!/^\d{1,40}$/.test(text)) {
    throw new InvalidArgumentError('Give a whole number of units, 0 or more.');
  }
  return BigInt(text);
}
