import { type Command, Option } from '@commander-js/extra-typings';
import { examples } from '../../arguments/help.ts';
import { dataOption, jsonOption, type OptionsOf, programOption, wholeNumber } from '../../arguments/options.ts';

const STATUSES = ['pending', 'approved', 'rejected', 'executed', 'failed'] as const;

export function approvalsGroup(root: Command) {
  return root
    .command('approvals')
    .summary('what waits for a second person')
    .description(
      "What the policy's approvals list is done once somebody other than who asked approves it, and so is a policy that takes " +
        'anything off that list. An approval counts once: the same thing again is a new request. Payout runs are approved with ' +
        '"payout-run approve".',
    );
}

export type ListApprovalsOptions = OptionsOf<typeof listApprovalsCommand>;

export function listApprovalsCommand(group: Command) {
  return group
    .command('list')
    .description('Requests in order.')
    .addOption(programOption())
    .addOption(new Option('--status <status>', 'only these').choices(STATUSES))
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('rewardbook approvals list --program tiktok-cash-id --status pending'));
}

export type DecideOptions = OptionsOf<typeof decideCommand>;

export function decideCommand(group: Command, verb: 'approve' | 'reject') {
  return group
    .command(verb)
    .description(verb === 'approve' ? 'Approves a request and carries it out.' : 'Rejects a request: it is not done.')
    .argument('<request>', 'number of the request', wholeNumber(1))
    .addOption(programOption())
    .option('--hash <sha256>', 'hash of the request as you read it: another one is refused')
    .option('--note <text>', 'kept with the decision')
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', examples(`rewardbook approvals ${verb} 7 --program tiktok-cash-id`));
}
