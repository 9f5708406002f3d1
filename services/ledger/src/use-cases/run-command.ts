import type { Actor } from '@rewardbook/db/actor';
import { formatDate } from '@rewardbook/domain/calendar';
import { localDate } from '@rewardbook/domain/time-zone';
import { AppError } from '@rewardbook/runtime/errors';
import type { Program } from '../store/program-store.ts';
import { findRun, type RunCommand, type RunRow } from '../store/run-store.ts';
import { requireProgram } from './find-program.ts';
import type { Ledger } from './ledger.ts';

/** Who does something, and when. */
export interface By {
  readonly actor: Actor;
  /** Server clock, epoch milliseconds. */
  readonly now: number;
}

/** A run after a command; `repeated` where the command had had its effect before. */
export type ChangedRun = RunRow & { readonly repeated: boolean };

/** The date in the program's zone on which what is done now takes effect, `YYYY-MM-DD`. */
export function today(program: Pick<Program, 'timeZone'>, now: number): string {
  return formatDate(localDate(now, program.timeZone));
}

/** Gives a command on a run, and the run after it. @throws AppError `program-unknown`; BooksRefused as the command does */
export async function commandRun(
  ledger: Ledger,
  slug: string,
  runId: string,
  { actor, now }: By,
  command: (call: RunCommand) => Promise<boolean>,
): Promise<ChangedRun> {
  const program = await requireProgram(ledger.sql, slug);
  const { programId } = program;
  const created = await command({ programId, runId, effectiveAt: today(program, now), actor });
  return { ...(await requireRun(ledger, programId, runId)), repeated: !created };
}

/** The run with this id. @throws AppError `run-unknown` */
export async function requireRun(ledger: Ledger, programId: number, runId: string): Promise<RunRow> {
  const run = await findRun(ledger.sql, programId, runId);
  if (run === undefined) throw new AppError('run-unknown', `There is no payout run ${runId}`);
  return run;
}
