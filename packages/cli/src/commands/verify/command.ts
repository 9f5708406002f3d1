import type { Command } from 'commander';
import { examples } from '../../arguments/help.ts';
import { dataOption, jsonOption, readProgram } from '../../arguments/options.ts';
import type { Io } from '../../terminal/io.ts';
import type { VerifyOptions } from './verify.ts';

export function registerVerify(root: Command, io: Io): void {
  root
    .command('verify')
    .summary('check every invariant of the books')
    .description(
      'Checks every invariant of the books (sums, balances, sequence, hash chain) and derives every closed period again from the ' +
        'events. Exit code 1 and the first difference where one is broken.',
    )
    .option('--program <slug>', 'only this program (default: all)', readProgram)
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('rewardbook verify', 'rewardbook verify --program tiktok-cash-id --json'))
    .action(async (options: VerifyOptions) => {
      const { verify } = await import('./verify.ts');
      await verify(options, io);
    });
}
