import { type Command, Option } from '@commander-js/extra-typings';
import { examples } from '../../arguments/help.ts';
import { dataOption, jsonOption, type OptionsOf, programOption } from '../../arguments/options.ts';

const PROGRAM = '--program tiktok-cash-id';

export function payoutRunGroup(root: Command) {
  return root
    .command('payout-run')
    .summary("pay creators' balances: draft, approve, export, settle, return")
    .description(
      'A payout run pays what closes and adjustments left on creators’ balances: draft → approved → exported → settled. ' +
        'Whoever drafted a run cannot approve it. Every command is safe to repeat: it takes effect once.',
    );
}

/** The options that all commands of the group have. */
export type RunOptions = OptionsOf<typeof runCommand>;

function runCommand<Usage extends string>(
  group: Command,
  usage: Usage,
  summary: string,
  description: string,
  lines: readonly string[],
) {
  return group
    .command(usage)
    .summary(summary)
    .description(description)
    .addOption(programOption())
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText('after', examples(...lines));
}

export function draftRunCommand(group: Command) {
  return runCommand(
    group,
    'draft',
    'draft a run from the current balances',
    'Says what would be paid, and who waits and why. Nothing is posted.',
    [`rewardbook payout-run draft ${PROGRAM}`],
  );
}

export type ApproveRunOptions = OptionsOf<typeof approveRunCommand>;

export function approveRunCommand(group: Command) {
  return runCommand(
    group,
    'approve <run>',
    'approve a draft and post it',
    'Refused to whoever drafted it, and if balances, holds or payment details have changed since the draft.',
    [
      `rewardbook payout-run approve 2026-10-1 ${PROGRAM}`,
      `rewardbook payout-run approve 2026-10-1 ${PROGRAM} --hash 3f2a…`,
    ],
  ).option('--hash <sha256>', 'content hash of the run as you read it (default: its current hash)');
}

export function discardRunCommand(group: Command) {
  return runCommand(
    group,
    'discard <run>',
    'discard a draft',
    'A draft that is not needed is kept as discarded, with the reason.',
    [`rewardbook payout-run discard 2026-10-1 ${PROGRAM} --reason "wait for the audit"`],
  ).requiredOption('--reason <text>', 'why');
}

export function exportRunCommand(group: Command) {
  return runCommand(
    group,
    'export <run>',
    'mark an approved run as handed to the bank',
    'After this it can be settled.',
    [`rewardbook payout-run export 2026-10-1 ${PROGRAM}`],
  );
}

export function settleRunCommand(group: Command) {
  return runCommand(
    group,
    'settle <run>',
    'the bank paid the run',
    'Moves what was not returned before from clearing to cash, once: under another reference of the bank it is then refused.',
    [`rewardbook payout-run settle 2026-10-1 ${PROGRAM} --reference BANK-4711`],
  ).option('--reference <text>', 'the bank’s reference');
}

export type ReturnPayoutOptions = OptionsOf<typeof returnPayoutCommand>;

export function returnPayoutCommand(group: Command) {
  return runCommand(
    group,
    'return <run>',
    'a payout came back',
    'Before or after settlement: the whole payout goes back to the creator, with the tax unless it was remitted. The creator is on ' +
      'hold from then on, for the reason "returned", and is paid again once the hold is lifted. What comes back net of a tax that was ' +
      'remitted is not taxed again.',
    [`rewardbook payout-run return 2026-10-1 ${PROGRAM} --creator c42 --reason "account closed"`],
  )
    .requiredOption('--creator <id>', 'whose payout')
    .requiredOption('--reason <text>', 'why it came back');
}

export function listRunsCommand(group: Command) {
  return runCommand(group, 'list', 'all runs', 'Runs in order, a line each.', [
    `rewardbook payout-run list ${PROGRAM}`,
  ]);
}

export type ShowRunOptions = OptionsOf<typeof showRunCommand>;

export function showRunCommand(group: Command) {
  return runCommand(
    group,
    'show <run>',
    'a run, its decisions and its payouts',
    'Who gets what, or waits, and why; who decided what, and when.',
    [
      `rewardbook payout-run show 2026-10-1 ${PROGRAM}`,
      `rewardbook payout-run show 2026-10-1 ${PROGRAM} --status waiting --json`,
    ],
  ).addOption(new Option('--status <status>', 'only these payouts').choices(['due', 'waiting', 'returned']));
}
