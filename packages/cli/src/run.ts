import { CommanderError } from 'commander';
import { registerAdjust, registerReverse } from './commands/adjust.ts';
import { registerAllocate } from './commands/allocate.ts';
import { registerApprovals } from './commands/approvals.ts';
import { registerAttack } from './commands/attack.ts';
import { registerAuditLog } from './commands/audit-log.ts';
import { registerCash, registerTax } from './commands/cash.ts';
import { registerClose } from './commands/close.ts';
import { registerCompare } from './commands/compare.ts';
import { registerCreators } from './commands/creators.ts';
import { registerDemo } from './commands/demo.ts';
import { registerDiff } from './commands/diff.ts';
import { registerExplain } from './commands/explain.ts';
import { registerGenerate } from './commands/generate.ts';
import { registerHold } from './commands/hold.ts';
import { registerKeys } from './commands/keys.ts';
import { registerPayments } from './commands/payments.ts';
import { registerPayoutRun } from './commands/payout-run.ts';
import { registerProgram } from './commands/program.ts';
import { registerProof } from './commands/proof.ts';
import { registerReconcile } from './commands/reconcile.ts';
import { registerRecord } from './commands/record.ts';
import { registerReplay } from './commands/replay.ts';
import { registerReport } from './commands/report.ts';
import { registerRevenue } from './commands/revenue.ts';
import { registerScreen } from './commands/screen.ts';
import { registerSimulate } from './commands/simulate.ts';
import { registerSweep } from './commands/sweep.ts';
import { registerUp } from './commands/up.ts';
import { registerVerify } from './commands/verify.ts';
import { CliFailure, EXIT_INTERRUPTED, Interrupted } from './failure.ts';
import { createRoot } from './help.ts';
import { type Io, OutputClosed, write } from './io.ts';

const COMMANDS = [
  registerUp,
  registerDemo,
  registerProgram,
  registerCreators,
  registerReplay,
  registerRecord,
  registerRevenue,
  registerClose,
  registerReport,
  registerExplain,
  registerProof,
  registerPayoutRun,
  registerPayments,
  registerHold,
  registerAdjust,
  registerReverse,
  registerApprovals,
  registerCash,
  registerTax,
  registerReconcile,
  registerVerify,
  registerKeys,
  registerAuditLog,
  registerAllocate,
  registerSimulate,
  registerDiff,
  registerGenerate,
  registerCompare,
  registerSweep,
  registerAttack,
  registerScreen,
];

/** Runs one command line (without node and script) and gives its exit code: 0, 1, 2, 3 or 130. */
export async function run(args: readonly string[], io: Io): Promise<number> {
  const help: string[] = [];
  const root = createRoot(io, (text) => help.push(text));
  for (const register of COMMANDS) register(root, io);
  try {
    if (args.length === 0) {
      root.outputHelp({ error: true });
      return 2;
    }
    await root.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (!(error instanceof CommanderError) || help.length === 0) return explain(error, io);
    return write(io.stdout, help.join('')).then(
      () => explain(error, io),
      (failure: unknown) => explain(failure, io),
    );
  }
}

/** Says what went wrong, on stderr, and gives the exit code. */
function explain(error: unknown, io: Io): number {
  if (error instanceof OutputClosed) return 0;
  if (io.signal.aborted || error instanceof Interrupted) {
    io.stderr.write('Interrupted.\n');
    return EXIT_INTERRUPTED;
  }
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has said it already
  if (error instanceof CliFailure) {
    io.stderr.write(`error: ${error.message}\n`);
    return error.exitCode;
  }
  // A defect, or something of the system that no command expected: the stack says where.
  io.stderr.write(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 3;
}
