import { DIFFERENCES, STATEMENT_KINDS } from '@rewardbook/contracts/api/reconciliation';
import { type Command, Option } from 'commander';
import { examples } from '../../arguments/help.ts';
import { dataOption, jsonOption, programOption, readPeriod } from '../../arguments/options.ts';
import type { Io } from '../../terminal/io.ts';
import type {
  ReconcileImportOptions,
  ReconcileMarkOptions,
  ReconcileResolveOptions,
  ReconcileShowOptions,
} from './reconcile.ts';

const EXAMPLE = '--program tiktok-cash-id --period 2026-10';

/** The options that all of these commands have. */
function withPlace(command: Command): Command {
  return command
    .addOption(programOption())
    .requiredOption('--period <period>', 'period that is reconciled', readPeriod)
    .addOption(dataOption())
    .addOption(jsonOption());
}

const kindOption = () =>
  new Option('--kind <kind>', 'revenue: what an ad platform pays for; settlements: what went through the bank account')
    .choices(STATEMENT_KINDS)
    .makeOptionMandatory();

export function registerReconcile(root: Command, io: Io): void {
  const reconcile = root
    .command('reconcile')
    .summary('compare the books with statements of ad platforms and banks')
    .description(
      'Compares the books of a period with statements, by reference and amount. Differences are listed with their reason and counted ' +
        'down: by a newer file, by a correction in the books, or by an explanation. When none is open, a person marks the period.',
    );
  withPlace(reconcile.command('import'))
    .description(
      'Imports a statement: CSV in UTF-8 with the columns reference, amount, date (YYYY-MM-DD) and currency; others are not read. ' +
        'All of it or nothing; the same file again changes nothing, a newer one of the same source takes its place. Revenue is positive ' +
        'as it earns; settlements are positive in and negative out.',
    )
    .argument('<file>', 'the statement; - is stdin')
    .addOption(kindOption())
    .option('--source <name>', 'whose statement it is, where there are several (default: "default")')
    .option('--reverse-signs', 'the statement shows money out as positive', false)
    .addHelpText(
      'after',
      examples(
        `rewardbook reconcile import ads-2026-10.csv ${EXAMPLE} --kind revenue`,
        `rewardbook reconcile import bank.csv ${EXAMPLE} --kind settlements --reverse-signs`,
      ),
    )
    .action(async (file: string, options: ReconcileImportOptions) => {
      const { importStatement } = await import('./reconcile.ts');
      await importStatement(file, options, io);
    });
  withPlace(reconcile.command('show'))
    .description(`Shows where a period stands and what is open. Differences: ${DIFFERENCES.join(', ')}.`)
    .option('--all', 'also the differences that are explained (--json always has them)', false)
    .addHelpText(
      'after',
      examples(`rewardbook reconcile show ${EXAMPLE}`, `rewardbook reconcile show ${EXAMPLE} --json`),
    )
    .action(async (options: ReconcileShowOptions) => {
      const { showReconciliation } = await import('./reconcile.ts');
      await showReconciliation(options, io);
    });
  withPlace(reconcile.command('resolve'))
    .description('Explains why a difference is not an error. It holds until the statement or the books change.')
    .addOption(kindOption())
    .requiredOption('--reference <text>', 'the reference that differs')
    .addOption(new Option('--difference <name>', 'only this one (default: all of the reference)').choices(DIFFERENCES))
    .requiredOption('--reason <text>', 'why; it is on record under your name')
    .addHelpText(
      'after',
      examples(
        `rewardbook reconcile resolve ${EXAMPLE} --kind revenue --reference INV-7 \\`,
        '    --reason "the platform pays it with November, see its mail of the 3rd"',
      ),
    )
    .action(async (options: ReconcileResolveOptions) => {
      const { resolveDifference } = await import('./reconcile.ts');
      await resolveDifference(options, io);
    });
  withPlace(reconcile.command('mark'))
    .description(
      'Marks the period reconciled, under your name and with the hash of what was compared. Exit code 1 while differences are open.',
    )
    .option(
      '--hash <hash>',
      'of what "reconcile show" showed: refused if that has changed since (default: the current hash)',
    )
    .option('--note <text>', 'kept with the mark')
    .addHelpText(
      'after',
      examples(`rewardbook reconcile mark ${EXAMPLE} --note "October, with the bank's statement 10/2026"`),
    )
    .action(async (options: ReconcileMarkOptions) => {
      const { markReconciled } = await import('./reconcile.ts');
      await markReconciled(options, io);
    });
}
