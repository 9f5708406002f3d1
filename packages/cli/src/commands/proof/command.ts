import { type Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { examples } from '../../arguments/help.ts';
import {
  dataOption,
  jsonOption,
  type OptionsOf,
  programOption,
  readDecimal,
  readPeriod,
} from '../../arguments/options.ts';

export function proofGroup(root: Command) {
  return root
    .command('proof')
    .summary('get and check proofs of payout')
    .description(
      'Proofs of payout: that a creator’s amount is in what a close published, and that all amounts add up to its total. ' +
        'A proof is for its creator: it shows their points and amount, and nobody else’s.',
    );
}

export type GetProofOptions = OptionsOf<typeof getProofCommand>;

export function getProofCommand(group: Command) {
  return group
    .command('get')
    .description('Prints a creator’s proof for a closed period. Keep the file unchanged: every byte is checked.')
    .addOption(programOption())
    .requiredOption('--period <period>', 'a closed period', readPeriod)
    .requiredOption('--creator <id>', 'the creator')
    .option('-o, --output <file>', 'write to a file, completely or not at all')
    .addOption(dataOption())
    .addHelpText(
      'after',
      examples('rewardbook proof get --program tiktok-cash-id --period 2026-10 --creator c42 -o proof.json'),
    );
}

export type VerifyProofOptions = OptionsOf<typeof verifyProofCommand>;

export function verifyProofCommand(group: Command) {
  return group
    .command('verify')
    .description(
      'Checks a proof; no server is needed. Give the root and total that were published with the close (proofRoot and proofTotal ' +
        'of its journal entry): without them it is only checked that the proof leads to its own. Exit code 1 where it does not hold.',
    )
    .argument('<file>', 'the proof, or - for stdin')
    .option('--root <hash>', 'the published root', readHash)
    .option('--total <amount>', 'the published total', readDecimal)
    .addOption(jsonOption())
    .addHelpText('after', examples('rewardbook proof verify proof.json --root 6b86b273ff34fce1… --total 50000000.00'));
}

function readHash(text: string): string {
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new InvalidArgumentError('Give the root as 64 lowercase hexadecimal digits.');
  }
  return text;
}
