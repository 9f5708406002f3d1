import { type Command, Option } from '@commander-js/extra-typings';
import { DIFFERENCES, STATEMENT_KINDS } from '@rewardbook/contracts/api/reconciliation';
import { examples } from '../../arguments/help.ts';
import { dataOption, jsonOption, type OptionsOf, programOption, readPeriod } from '../../arguments/options.ts';

const EXAMPLE = '--program tiktok-cash-id --period 2026-10';

/** The options that all commands of the group have. */
export type ReconcileOptions = OptionsOf<typeof reconcileCommand>;

function reconcileCommand<Name extends string>(group: Command, name: Name) {
  return group
    .command(name)
    .addOption(programOption())
    .requiredOption('--period <period>', 'period that is reconciled', readPeriod)
    .addOption(dataOption())
    .addOption(jsonOption());
}

const kindOption = () =>
  new Option('--kind <kind>', 'revenue: what an ad platform pays for; settlements: what went through the bank account')
    .choices(STATEMENT_KINDS)
    .makeOptionMandatory();

export function reconcileGroup(root: Command) {
  return root
    .command('reconcile')
    .summary('compare the books with statements of ad platforms and banks')
    .description(
      'Compares the books of a period with statements, by reference and amount. Differences are listed with their reason and counted ' +
        'down: by a newer file, by a correction in the books, or by an explanation. When none is open, a person marks the period.',
    );
}

export type ImportStatementOptions = OptionsOf<typeof importStatementCommand>;

export function importStatementCommand(group: Command) {
  return reconcileCommand(group, 'import')
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
    );
}

export type ShowReconciliationOptions = OptionsOf<typeof showReconciliationCommand>;

export function showReconciliationCommand(group: Command) {
  return reconcileCommand(group, 'show')
    .description(`Shows where a period stands and what is open. Differences: ${DIFFERENCES.join(', ')}.`)
    .option('--all', 'also the differences that are explained (--json always has them)', false)
    .addHelpText(
      'after',
      examples(`rewardbook reconcile show ${EXAMPLE}`, `rewardbook reconcile show ${EXAMPLE} --json`),
    );
}

export type ResolveDifferenceOptions = OptionsOf<typeof resolveDifferenceCommand>;

export function resolveDifferenceCommand(group: Command) {
  return reconcileCommand(group, 'resolve')
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
    );
}

export type MarkReconciledOptions = OptionsOf<typeof markReconciledCommand>;

export function markReconciledCommand(group: Command) {
  return reconcileCommand(group, 'mark')
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
    );
}
