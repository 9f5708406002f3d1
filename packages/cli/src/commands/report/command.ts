import { Argument, type Command, Option } from '@commander-js/extra-typings';
import { examples } from '../../arguments/help.ts';
import { dataOption, type OptionsOf, programOption, readInstant, readPeriod } from '../../arguments/options.ts';
import { readDate } from '../../arguments/time-options.ts';
import { FORMATS, filtersOf, REPORTS } from './report-names.ts';

export type ReportOptions = OptionsOf<typeof reportCommand>;

export function reportCommand(root: Command) {
  return root
    .command('report')
    .summary(
      'print a report: payouts, allocations, creators, journal, statement, trial-balance, summary, commissions, payout-run',
    )
    .description(
      'Prints a report, as CSV unless JSON is asked for. Readers find columns by their header: columns may be added.\n\n' +
        'payouts        a row per payout run and creator, and what a run would pay of periods that have none\n' +
        'allocations    a row per creator of a closed period, with counts, points and amount (--period)\n' +
        'creators       a row per registered creator, as the registry has them\n' +
        'payout-run     the summary of a run for the files: who signed what, totals, payouts (--run; PDF)\n' +
        'journal        a row per posting\n' +
        "statement      a creator's account, movement by movement (--creator)\n" +
        'trial-balance  debit, credit and balance of every account\n' +
        'summary        a period at a glance\n' +
        'commissions    what closes gave scouts, by scout and creator',
    )
    .addArgument(new Argument('<report>').choices(REPORTS))
    .addOption(programOption())
    .option('--period <period>', 'only this period: all but creators and payout-run', readPeriod)
    .option('--run <run>', 'only this payout run: payouts, payout-run')
    .option('--creator <id>', 'only this creator: payouts, journal, statement, commissions')
    .option('--as-of <instant>', 'as it had been posted then: journal, statement, trial-balance', readInstant)
    .option(
      '--filter <name=value...>',
      `only rows that fit, as status=waiting: ${REPORTS.filter((report) => filtersOf(report).length > 0)
        .map((report) => `${report}${report === 'payouts' ? ', with --run,' : ''} by ${filtersOf(report).join(', ')}`)
        .join('; ')}`,
    )
    .option('--effective <date>', 'what is effective on this date or before: statement, trial-balance', readDate)
    .addOption(
      new Option(
        '--format <format>',
        'xlsx has the exact text next to each amount; pdf is for statement and payout-run; hledger is the journal in plain text ' +
          '(default: csv; payout-run: pdf)',
      ).choices(FORMATS),
    )
    .addOption(new Option('--json', 'the same as --format json').default(false).conflicts('format'))
    .option('-o, --output <file>', 'write to a file, completely or not at all')
    .addOption(dataOption())
    .addHelpText(
      'after',
      examples(
        'rewardbook report payouts --program tiktok-cash-id --period 2026-10 -o payouts-2026-10.csv',
        'rewardbook report payouts --program tiktok-cash-id --run 2026-10-1 --format xlsx -o run.xlsx',
        'rewardbook report payouts --program tiktok-cash-id --run 2026-10-1 --filter status=waiting reason=on-hold',
        'rewardbook report allocations --program tiktok-cash-id --period 2026-10 --filter only=paid amountFrom=1000',
        'rewardbook report payout-run --program tiktok-cash-id --run 2026-10-1 -o run.pdf',
        'rewardbook report journal --program tiktok-cash-id --format hledger | hledger -f - check --strict',
        'rewardbook report statement --program tiktok-cash-id --creator c42',
        'rewardbook report statement --program tiktok-cash-id --creator c42 --format pdf -o c42.pdf',
        'rewardbook report trial-balance --program tiktok-cash-id --json',
        'rewardbook report trial-balance --program tiktok-cash-id --as-of 2026-11-05T00:00:00Z --effective 2026-10-31',
      ),
    );
}
