import { CommanderError } from 'commander';
import { createRoot } from './arguments/help.ts';
import { registerAdjust, registerReverse } from './commands/adjust/command.ts';
import { registerAllocate } from './commands/allocate/command.ts';
import { registerApprovals } from './commands/approvals/command.ts';
import { registerAttack } from './commands/attack/command.ts';
import { registerAuditLog } from './commands/audit-log/command.ts';
import { registerCash, registerTax } from './commands/cash/command.ts';
import { registerClose } from './commands/close/command.ts';
import { registerCompare } from './commands/compare/command.ts';
import { registerCreators } from './commands/creators/command.ts';
import { registerDemo } from './commands/demo/command.ts';
import { registerDiff } from './commands/diff/command.ts';
import { registerExplain } from './commands/explain/command.ts';
import { registerGenerate } from './commands/generate/command.ts';
import { registerHold } from './commands/hold/command.ts';
import { registerKeys } from './commands/keys/command.ts';
import { registerPayments } from './commands/payments/command.ts';
import { registerPayoutRun } from './commands/payout-run/command.ts';
import { registerProgram } from './commands/program/command.ts';
import { registerProof } from './commands/proof/command.ts';
import { registerReconcile } from './commands/reconcile/command.ts';
import { registerRecord } from './commands/record/command.ts';
import { registerReplay } from './commands/replay/command.ts';
import { registerReport } from './commands/report/command.ts';
import { registerRevenue } from './commands/revenue/command.ts';
import { registerScreen } from './commands/screen/command.ts';
import { registerSimulate } from './commands/simulate/command.ts';
import { registerSweep } from './commands/sweep/command.ts';
import { registerUp } from './commands/up/command.ts';
import { registerVerify } from './commands/verify/command.ts';
import { CliFailure, EXIT_INTERRUPTED, Interrupted } from './terminal/failure.ts';
import { type Io, OutputClosed, write } from './terminal/io.ts';

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
  for (const register of COMMANDS) {
    register(root, io);
  }
  try {
    if (args.length === 0) {
      root.outputHelp({ error: true });
      return 2;
    }
    await root.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (!(error instanceof CommanderError) || help.length === 0) {
      return explain(error, io);
    }
    return write(io.stdout, help.join('')).then(
      () => explain(error, io),
      (failure: unknown) => explain(failure, io),
    );
  }
}

/** Says what went wrong, on stderr, and gives the exit code. */
function explain(error: unknown, io: Io): number {
  if (error instanceof OutputClosed) {
    return 0;
  }
  if (io.signal.aborted || error instanceof Interrupted) {
    io.stderr.write('Interrupted.\n');
    return EXIT_INTERRUPTED;
  }
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? 0 : 2; // commander has said it already
  }
  if (error instanceof CliFailure) {
    io.stderr.write(`error: ${error.message}\n`);
    return error.exitCode;
  }
  // A defect, or something of the system that no command expected: the stack says where.
  io.stderr.write(`error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 3;
}
