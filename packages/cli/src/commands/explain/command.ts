import type { Command } from 'commander';
import { examples } from '../../arguments/help.ts';
import { dataOption, jsonOption, programOption, readPeriod } from '../../arguments/options.ts';
import type { Io } from '../../terminal/io.ts';
import type { ExplainOptions } from './explain.ts';

export function registerExplain(root: Command, io: Io): void {
  root
    .command('explain')
    .summary('why a creator got this amount')
    .description(
      'Shows the whole derivation of a creator’s amount for a closed period: events and exclusions, engagements gained and lost, ' +
        'points, conditions, the exact quota with its remainder and rank, cap, holdback, payments and journal entries. ' +
        'The JSON has links to the engagements and events behind each number.',
    )
    .addOption(programOption())
    .requiredOption('--period <period>', 'a closed period', readPeriod)
    .requiredOption('--creator <id>', 'the creator')
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'rewardbook explain --program tiktok-cash-id --period 2026-10 --creator c42',
        'rewardbook explain --program tiktok-cash-id --period 2026-10 --creator c42 --json',
      ),
    )
    .action(async (options: ExplainOptions) => {
      const { explain } = await import('./explain.ts');
      await explain(options, io);
    });
}
