import type { Command } from '@commander-js/extra-typings';
import { adjustCommand, reverseCommand } from './commands/adjust/command.ts';
import { allocateCommand } from './commands/allocate/command.ts';
import { approvalsGroup, decideCommand, listApprovalsCommand } from './commands/approvals/command.ts';
import { attackCommand } from './commands/attack/command.ts';
import { auditLogCommand } from './commands/audit-log/command.ts';
import { cashCommand, cashGroup, remitTaxCommand, taxDueCommand, taxGroup } from './commands/cash/command.ts';
import { closeCommand } from './commands/close/command.ts';
import { compareCommand } from './commands/compare/command.ts';
import { importCreatorsCommand } from './commands/creators/command.ts';
import { demoCommand } from './commands/demo/command.ts';
import { diffCommand } from './commands/diff/command.ts';
import { explainCommand } from './commands/explain/command.ts';
import { generateCommand } from './commands/generate/command.ts';
import { holdGroup, listHoldsCommand, setHoldCommand } from './commands/hold/command.ts';
import { createKeyCommand, keysGroup, listKeysCommand, revokeKeyCommand } from './commands/keys/command.ts';
import { paymentsCommand } from './commands/payments/command.ts';
import {
  approveRunCommand,
  discardRunCommand,
  draftRunCommand,
  exportRunCommand,
  listRunsCommand,
  payoutRunGroup,
  returnPayoutCommand,
  settleRunCommand,
  showRunCommand,
} from './commands/payout-run/command.ts';
import { applyProgramCommand } from './commands/program/command.ts';
import { getProofCommand, proofGroup, verifyProofCommand } from './commands/proof/command.ts';
import {
  importStatementCommand,
  markReconciledCommand,
  reconcileGroup,
  resolveDifferenceCommand,
  showReconciliationCommand,
} from './commands/reconcile/command.ts';
import { recordCommand } from './commands/record/command.ts';
import { replayCommand } from './commands/replay/command.ts';
import { reportCommand } from './commands/report/command.ts';
import { revenueCommand } from './commands/revenue/command.ts';
import { screenCommand } from './commands/screen/command.ts';
import { simulateCommand } from './commands/simulate/command.ts';
import { sweepCommand } from './commands/sweep/command.ts';
import { upCommand } from './commands/up/command.ts';
import { verifyCommand } from './commands/verify/command.ts';
import type { Io } from './terminal/io.ts';

type AddCommand = (root: Command, io: Io) => void;

/**
 * The commands in the order of the help, each with what it runs. The code behind a command is loaded when it runs, so that `--help` is
 * quick; it knows its options from `command.ts`, which knows nothing of it.
 */
export const COMMANDS: readonly AddCommand[] = [
  (root, io) =>
    upCommand(root).action(async (options) => {
      const { up } = await import('./commands/up/up.ts');
      await up(options, io);
    }),
  (root, io) =>
    demoCommand(root).action(async (options) => {
      const { demo } = await import('./commands/demo/demo.ts');
      await demo(options, io);
    }),
  (root, io) =>
    applyProgramCommand(root).action(async (file, options) => {
      const { applyProgram } = await import('./commands/program/apply-program.ts');
      await applyProgram(file, options, io);
    }),
  (root, io) =>
    importCreatorsCommand(root).action(async (file, options) => {
      const { importCreators } = await import('./commands/creators/import-creators.ts');
      await importCreators(file, options, io);
    }),
  (root, io) =>
    replayCommand(root).action(async (file, options) => {
      const { replayFile } = await import('./commands/replay/replay-file.ts');
      await replayFile(file, options, io);
    }),
  (root, io) =>
    recordCommand(root).action(async (options) => {
      const { record } = await import('./commands/record/record.ts');
      await record(options, io);
    }),
  (root, io) =>
    revenueCommand(root).action(async (options) => {
      const { bookRevenue } = await import('./commands/revenue/book-revenue.ts');
      await bookRevenue(options, io);
    }),
  (root, io) =>
    closeCommand(root).action(async (options) => {
      const { close } = await import('./commands/close/close.ts');
      await close(options, io);
    }),
  (root, io) =>
    reportCommand(root).action(async (report, options) => {
      const { printReport } = await import('./commands/report/report.ts');
      await printReport(report, options, io);
    }),
  (root, io) =>
    explainCommand(root).action(async (options) => {
      const { explain } = await import('./commands/explain/explain.ts');
      await explain(options, io);
    }),
  addProof,
  addPayoutRun,
  (root, io) =>
    paymentsCommand(root).action(async (run, options) => {
      const { writePayments } = await import('./commands/payments/payments.ts');
      await writePayments(run, options, io);
    }),
  addHold,
  (root, io) =>
    adjustCommand(root).action(async (options) => {
      const { adjust } = await import('./commands/adjust/adjust.ts');
      await adjust(options, io);
    }),
  (root, io) =>
    reverseCommand(root).action(async (entry, options) => {
      const { reverse } = await import('./commands/adjust/adjust.ts');
      await reverse(entry, options, io);
    }),
  addApprovals,
  addCash,
  addTax,
  addReconcile,
  (root, io) =>
    verifyCommand(root).action(async (options) => {
      const { verify } = await import('./commands/verify/verify.ts');
      await verify(options, io);
    }),
  addKeys,
  (root, io) =>
    auditLogCommand(root).action(async (options) => {
      const { printAuditLog } = await import('./commands/audit-log/audit-log.ts');
      await printAuditLog(options, io);
    }),
  (root, io) =>
    allocateCommand(root).action(async (options) => {
      const { allocate } = await import('./commands/allocate/allocate.ts');
      await allocate(options, io);
    }),
  (root, io) =>
    simulateCommand(root).action(async (options) => {
      const { simulateFiles } = await import('./commands/simulate/simulate-files.ts');
      await simulateFiles(options, io);
    }),
  (root, io) =>
    diffCommand(root).action(async (a, b, options) => {
      const { diff } = await import('./commands/diff/diff.ts');
      await diff(a, b, options, io);
    }),
  (root, io) =>
    generateCommand(root).action(async (scenario, options) => {
      const { generate } = await import('./commands/generate/generate.ts');
      await generate(scenario, options, io);
    }),
  (root, io) =>
    compareCommand(root).action(async (options) => {
      const { compare } = await import('./commands/compare/compare.ts');
      await compare(options, io);
    }),
  (root, io) =>
    sweepCommand(root).action(async (options) => {
      const { sweepPolicies } = await import('./commands/sweep/sweep.ts');
      await sweepPolicies(options, io);
    }),
  (root, io) =>
    attackCommand(root).action(async (options) => {
      const { attackPolicies } = await import('./commands/attack/attack.ts');
      await attackPolicies(options, io);
    }),
  (root, io) =>
    screenCommand(root).action(async (options) => {
      const { printRisers } = await import('./commands/screen/screen.ts');
      await printRisers(options, io);
    }),
];

function addProof(root: Command, io: Io): void {
  const group = proofGroup(root);
  getProofCommand(group).action(async (options) => {
    const { getProof } = await import('./commands/proof/proof.ts');
    await getProof(options, io);
  });
  verifyProofCommand(group).action(async (file, options) => {
    const { checkProof } = await import('./commands/proof/proof.ts');
    await checkProof(file, options, io);
  });
}

function addPayoutRun(root: Command, io: Io): void {
  const group = payoutRunGroup(root);
  draftRunCommand(group).action(async (options) => {
    const { draftRun } = await import('./commands/payout-run/payout-run.ts');
    await draftRun(options, io);
  });
  approveRunCommand(group).action(async (run, options) => {
    const { approveRun } = await import('./commands/payout-run/payout-run.ts');
    await approveRun(run, options, io);
  });
  discardRunCommand(group).action(async (run, { reason, ...options }) => {
    const { commandRun } = await import('./commands/payout-run/payout-run.ts');
    await commandRun('discard', run, { reason }, options, io);
  });
  exportRunCommand(group).action(async (run, options) => {
    const { commandRun } = await import('./commands/payout-run/payout-run.ts');
    await commandRun('export', run, {}, options, io);
  });
  settleRunCommand(group).action(async (run, { reference, ...options }) => {
    const { commandRun } = await import('./commands/payout-run/payout-run.ts');
    await commandRun('settle', run, reference === undefined ? {} : { reference }, options, io);
  });
  returnPayoutCommand(group).action(async (run, options) => {
    const { returnPayout } = await import('./commands/payout-run/payout-run.ts');
    await returnPayout(run, options, io);
  });
  listRunsCommand(group).action(async (options) => {
    const { listRuns } = await import('./commands/payout-run/payout-run-views.ts');
    await listRuns(options, io);
  });
  showRunCommand(group).action(async (run, options) => {
    const { showRun } = await import('./commands/payout-run/payout-run-views.ts');
    await showRun(run, options, io);
  });
}

function addHold(root: Command, io: Io): void {
  const group = holdGroup(root);
  for (const action of ['place', 'lift'] as const) {
    setHoldCommand(group, action).action(async (options) => {
      const { setHold } = await import('./commands/hold/hold.ts');
      await setHold(action, options, io);
    });
  }
  listHoldsCommand(group).action(async (options) => {
    const { listHolds } = await import('./commands/hold/hold.ts');
    await listHolds(options, io);
  });
}

function addApprovals(root: Command, io: Io): void {
  const group = approvalsGroup(root);
  listApprovalsCommand(group).action(async (options) => {
    const { listApprovals } = await import('./commands/approvals/approvals.ts');
    await listApprovals(options, io);
  });
  for (const verb of ['approve', 'reject'] as const) {
    decideCommand(group, verb).action(async (request, options) => {
      const { decide } = await import('./commands/approvals/approvals.ts');
      await decide(verb, request, options, io);
    });
  }
}

function addCash(root: Command, io: Io): void {
  const group = cashGroup(root);
  for (const kind of ['receipt', 'funding'] as const) {
    cashCommand(group, kind).action(async (options) => {
      const { bookCash } = await import('./commands/cash/cash.ts');
      await bookCash(kind, options, io);
    });
  }
}

function addTax(root: Command, io: Io): void {
  const group = taxGroup(root);
  taxDueCommand(group).action(async (options) => {
    const { listTaxDue } = await import('./commands/cash/cash.ts');
    await listTaxDue(options, io);
  });
  remitTaxCommand(group).action(async (options) => {
    const { remitTax } = await import('./commands/cash/cash.ts');
    await remitTax(options, io);
  });
}

function addReconcile(root: Command, io: Io): void {
  const group = reconcileGroup(root);
  importStatementCommand(group).action(async (file, options) => {
    const { importStatement } = await import('./commands/reconcile/reconcile.ts');
    await importStatement(file, options, io);
  });
  showReconciliationCommand(group).action(async (options) => {
    const { showReconciliation } = await import('./commands/reconcile/reconcile.ts');
    await showReconciliation(options, io);
  });
  resolveDifferenceCommand(group).action(async (options) => {
    const { resolveDifference } = await import('./commands/reconcile/reconcile.ts');
    await resolveDifference(options, io);
  });
  markReconciledCommand(group).action(async (options) => {
    const { markReconciled } = await import('./commands/reconcile/reconcile.ts');
    await markReconciled(options, io);
  });
}

function addKeys(root: Command, io: Io): void {
  const group = keysGroup(root);
  createKeyCommand(group).action(async (options) => {
    const { createKey } = await import('./commands/keys/keys.ts');
    await createKey(options, io);
  });
  listKeysCommand(group).action(async (options) => {
    const { listKeys } = await import('./commands/keys/keys.ts');
    await listKeys(options, io);
  });
  revokeKeyCommand(group).action(async (keyId, options) => {
    const { revokeKey } = await import('./commands/keys/keys.ts');
    await revokeKey(keyId, options, io);
  });
}
