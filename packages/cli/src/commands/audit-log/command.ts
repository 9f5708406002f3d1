import type { Command } from '@commander-js/extra-typings';
import { examples } from '../../arguments/help.ts';
import { dataOption, jsonOption, type OptionsOf, readInstant, readProgram } from '../../arguments/options.ts';

export type AuditLogOptions = OptionsOf<typeof auditLogCommand>;

export function auditLogCommand(root: Command) {
  return root
    .command('audit-log')
    .summary('print who changed what, and when')
    .description(
      'Prints every request that changed something or tried to, oldest first: when, who, what, and the status of the answer ("?": the ' +
        'service ended before it answered; the books say whether the change was made). With --json one object a line. Recorded ' +
        'events are not here: the batches are their record.',
    )
    .option('--program <slug>', 'only of this program', readProgram)
    .option('--key <name>', 'only with the key of this name')
    .option('--since <instant>', 'only what came at this instant or later, as 2026-11-01T00:00:00Z', readInstant)
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'rewardbook audit-log --program tiktok-cash-id --since 2026-11-01T00:00:00+07:00',
        'rewardbook audit-log --json | tail -n 20',
      ),
    );
}
