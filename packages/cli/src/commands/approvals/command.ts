import type { Command } from 'commander';
import { Option } from 'commander';
import { examples } from '../../arguments/help.ts';
import { dataOption, jsonOption, programOption, wholeNumber } from '../../arguments/options.ts';
import type { Io } from '../../terminal/io.ts';
import type { DecideOptions, ListApprovalsOptions } from './approvals.ts';

const STATUSES = ['pending', 'approved', 'rejected', 'executed', 'failed'];

export function registerApprovals(root: Command, io: Io): void {
  const group = root
    .command('approvals')
    .summary('what waits for a second person')
    .description(
      "What the policy's approvals list is done once somebody other than who asked approves it, and so is a policy that takes " +
        'anything off that list. An approval counts once: the same thing again is a new request. Payout runs are approved with ' +
        '"payout-run approve".',
    );
  group
    .command('list')
    .description('Requests in order.')
    .addOption(programOption())
    .addOption(new Option('--status <status>', 'only these').choices(STATUSES))
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('rewardbook approvals list --program tiktok-cash-id --status pending'))
    .action(async (options: ListApprovalsOptions) => {
      const { listApprovals } = await import('./approvals.ts');
      await listApprovals(options, io);
    });
  for (const verb of ['approve', 'reject'] as const) {
    group
      .command(verb)
      .description(verb === 'approve' ? 'Approves a request and carries it out.' : 'Rejects a request: it is not done.')
      .argument('<request>', 'number of the request', wholeNumber(1))
      .addOption(programOption())
      .option('--hash <sha256>', 'hash of the request as you read it: another one is refused')
      .option('--note <text>', 'kept with the decision')
      .addOption(dataOption())
      .addOption(jsonOption())
      .addHelpText('after', examples(`rewardbook approvals ${verb} 7 --program tiktok-cash-id`))
      .action(async (request: number, options: DecideOptions) => {
        const { decide } = await import('./approvals.ts');
        await decide(verb, request, options, io);
      });
  }
}
