import type { Command } from 'commander';
import { Argument, Option } from 'commander';
import { examples } from '../help.ts';
import type { Io } from '../io.ts';
import { dataOption, programOption, readInstant, readPeriod } from '../options.ts';
import { readDate } from '../time-options.ts';

export const REPORTS = ['payouts', 'journal', 'statement', 'trial-balance', 'summary'] as const;

export type ReportName = (typeof REPORTS)[number];

const FORMATS = ['csv', 'json', 'xlsx', 'hledger'] as const;

export type ReportFormat = (typeof FORMATS)[number];

export interface ReportOptions {
  readonly program: string;
  readonly period?: string;
  readonly creator?: string;
  readonly format?: ReportFormat;
  readonly json: boolean;
  readonly output?: string;
  readonly asOf?: string;
  readonly effective?: string;
  readonly data?: string;
}

export function registerReport(root: Command, io: Io): void {
  root
    .command('report')
    .summary('print a report: payouts, journal, statement, trial-balance, summary')
    .description(
      'Prints a report, as CSV unless JSON is asked for. Readers find columns by their header: columns may be added.\n\n' +
        'payouts        a row per creator and period\n' +
        'journal        a row per posting\n' +
        "statement      a creator's account, movement by movement (--creator)\n" +
        'trial-balance  debit, credit and balance of every account\n' +
        'summary        a period at a glance',
    )
    .addArgument(new Argument('<report>').choices(REPORTS))
    .addOption(programOption())
    .option('--period <period>', 'only this period', readPeriod)
    .option('--creator <id>', 'only this creator')
    .option('--as-of <instant>', 'as it had been posted then: journal, statement, trial-balance', readInstant)
    .option('--effective <date>', 'what is effective on this date or before: statement, trial-balance', readDate)
    .addOption(
      new Option(
        '--format <format>',
        'xlsx has the exact text beside each amount; hledger is the journal as plain text (default: csv)',
      ).choices(FORMATS),
    )
    .addOption(new Option('--json', 'the same as --format json').default(false).conflicts('format'))
    .option('-o, --output <file>', 'write to a file, which is there whole or not at all')
    .addOption(dataOption())
    .addHelpText(
      'after',
      examples(
        'rewardbook report payouts --program tiktok-cash-id --period 2026-10 -o payouts-2026-10.csv',
        'rewardbook report journal --program tiktok-cash-id --format hledger | hledger -f - check --strict',
        'rewardbook report statement --program tiktok-cash-id --creator c42',
        'rewardbook report trial-balance --program tiktok-cash-id --json',
        'rewardbook report trial-balance --program tiktok-cash-id --as-of 2026-11-05T00:00:00Z --effective 2026-10-31',
      ),
    )
    .action(async (report: ReportName, options: ReportOptions) => {
      const { printReport } = await import('../report.ts');
      await printReport(report, options, io);
    });
}
