import { formatDate } from '@rewardbook/domain/values/calendar';
import { localDate } from '@rewardbook/domain/values/time-zone';
import { AppError } from '@rewardbook/runtime/http/errors';
import { requireProgram } from '../programs/find-program.ts';
import type { Program } from '../programs/sql.ts';
import type { Caller } from '../service/caller.ts';
import type { Ledger } from '../service/ledger.ts';
import { findRun, type PayoutRun, type RunCommand } from './run-sql.ts';

/** A run after a command; `repeated` where the command had had its effect before. */
export type ChangedRun = PayoutRun & { readonly repeated: boolean };

/** The date in the program's zone on which what is done now takes effect, `YYYY-MM-DD`. */
export function today(program: Pick<Program, 'timeZone'>, now: number): string {
  return formatDate(localDate(now, program.timeZone));
}

/** Gives a command on a run, and the run after it. @throws AppError `program-unknown`; BooksRefused as the command does */
export async function commandRun(
  ledger: Ledger,
  slug: string,
  runId: string,
  { actor, now }: Caller,
  command: (call: RunCommand) => Promise<boolean>,
): Promise<ChangedRun> {
  const program = await requireProgram(ledger.sql, slug);
  const { programId } = program;
  const created = await command({ programId, runId, effectiveAt: today(program, now), actor });
  return { ...(await requireRun(ledger, programId, runId)), repeated: !created };
}

/** The run with this id. @throws AppError `run-unknown` */
export async function requireRun(ledger: Ledger, programId: number, runId: string): Promise<PayoutRun> {
  const run = await findRun(ledger.sql, programId, runId);
  if (run === undefined) {
    throw new AppError('run-unknown', `There is no payout run ${runId}`);
  }
  return run;
}
