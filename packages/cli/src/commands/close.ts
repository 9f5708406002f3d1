import type { Command } from 'commander';
import { examples } from '../help.ts';
import type { Io } from '../io.ts';
import { dataOption, jsonOption, programOption, readPeriod } from '../options.ts';

export interface CloseOptions {
  readonly program: string;
  readonly period: string;
  readonly dryRun: boolean;
  readonly data?: string;
  readonly json: boolean;
}

export function registerClose(root: Command, io: Io): void {
  root
    .command('close')
    .summary('close a period into the books')
    .description(
      'Closes a period: decides which events count, splits the pool, posts the entry; waits until it is done and shows the result. ' +
        'Periods close in order, after their end, once revenue is booked. A closed period never changes. ' +
        'A dry run shows what a close would give now, also in the middle of a period, and changes nothing.',
    )
    .addOption(programOption())
    .requiredOption('--period <period>', 'period to close', readPeriod)
    .option('--dry-run', 'show the result, change nothing', false)
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'rewardbook close --program tiktok-cash-id --period 2026-10 --dry-run',
        'rewardbook close --program tiktok-cash-id --period 2026-10 --json > 2026-10.json',
      ),
    )
    .action(async (options: CloseOptions) => {
      const { close } = await import('../close.ts');
      await close(options, io);
    });
}
