import type { Command } from 'commander';
import { Option } from 'commander';
import { examples } from '../../arguments/help.ts';
import { dataOption, jsonOption, programOption } from '../../arguments/options.ts';
import type { Io } from '../../terminal/io.ts';
import type { RunOptions } from './payout-run.ts';

const P = '--program tiktok-cash-id';

export function registerPayoutRun(root: Command, io: Io): void {
  const group = root
    .command('payout-run')
    .summary("pay creators' balances: draft, approve, export, settle, return")
    .description(
      'A payout run pays what closes and adjustments left on creators’ balances: draft → approved → exported → settled. ' +
        'Whoever drafted a run cannot approve it. Every command is safe to repeat: it takes effect once.',
    );
  const add = (name: string, summary: string, description: string, lines: readonly string[]): Command =>
    group
      .command(name)
      .summary(summary)
      .description(description)
      .addOption(programOption())
      .addOption(dataOption())
      .addOption(jsonOption())
      .addHelpText('after', examples(...lines));

  add(
    'draft',
    'draft a run from the current balances',
    'Says what would be paid, and who waits and why. Nothing is posted.',
    [`rewardbook payout-run draft ${P}`],
  ).action(async (options: RunOptions) => {
    const { draftRun } = await import('./payout-run.ts');
    await draftRun(options, io);
  });

  add(
    'approve <run>',
    'approve a draft and post it',
    'Refused to whoever drafted it, and if balances, holds or payment details have changed since the draft.',
    [`rewardbook payout-run approve 2026-10-1 ${P}`, `rewardbook payout-run approve 2026-10-1 ${P} --hash 3f2a…`],
  )
    .option('--hash <sha256>', 'content hash of the run as you read it (default: its current hash)')
    .action(async (run: string, options: RunOptions & { hash?: string }) => {
      const { approveRun } = await import('./payout-run.ts');
      await approveRun(run, options, io);
    });

  add('discard <run>', 'discard a draft', 'A draft that is not needed is kept as discarded, with the reason.', [
    `rewardbook payout-run discard 2026-10-1 ${P} --reason "wait for the audit"`,
  ])
    .requiredOption('--reason <text>', 'why')
    .action(async (run: string, { reason, ...options }: RunOptions & { reason: string }) => {
      const { commandRun } = await import('./payout-run.ts');
      await commandRun('discard', run, { reason }, options, io);
    });

  add('export <run>', 'mark an approved run as handed to the bank', 'After this it can be settled.', [
    `rewardbook payout-run export 2026-10-1 ${P}`,
  ]).action(async (run: string, options: RunOptions) => {
    const { commandRun } = await import('./payout-run.ts');
    await commandRun('export', run, {}, options, io);
  });

  add(
    'settle <run>',
    'the bank paid the run',
    'Moves what was not returned before from clearing to cash, once: under another reference of the bank it is then refused.',
    [`rewardbook payout-run settle 2026-10-1 ${P} --reference BANK-4711`],
  )
    .option('--reference <text>', 'the bank’s reference')
    .action(async (run: string, { reference, ...options }: RunOptions & { reference?: string }) => {
      const { commandRun } = await import('./payout-run.ts');
      await commandRun('settle', run, reference === undefined ? {} : { reference }, options, io);
    });

  add(
    'return <run>',
    'a payout came back',
    'Before or after settlement: the whole payout goes back to the creator, with the tax unless it was remitted. The creator is on ' +
      'hold from then on, for the reason "returned", and is paid again once the hold is lifted. What comes back net of a tax that was ' +
      'remitted is not taxed again.',
    [`rewardbook payout-run return 2026-10-1 ${P} --creator c42 --reason "account closed"`],
  )
    .requiredOption('--creator <id>', 'whose payout')
    .requiredOption('--reason <text>', 'why it came back')
    .action(async (run: string, options: RunOptions & { creator: string; reason: string }) => {
      const { returnPayout } = await import('./payout-run.ts');
      await returnPayout(run, options, io);
    });

  add('list', 'all runs', 'Runs in order, a line each.', [`rewardbook payout-run list ${P}`]).action(
    async (options: RunOptions) => {
      const { listRuns } = await import('./payout-run-views.ts');
      await listRuns(options, io);
    },
  );

  add(
    'show <run>',
    'a run, its decisions and its payouts',
    'Who gets what, or waits, and why; who decided what, and when.',
    [`rewardbook payout-run show 2026-10-1 ${P}`, `rewardbook payout-run show 2026-10-1 ${P} --status waiting --json`],
  )
    .addOption(new Option('--status <status>', 'only these payouts').choices(['due', 'waiting', 'returned']))
    .action(async (run: string, options: RunOptions & { status?: string }) => {
      const { showRun } = await import('./payout-run-views.ts');
      await showRun(run, options, io);
    });
}
