import type { Program } from '@rewardbook/db/books/program';
import { requireProgram } from '@rewardbook/db/books/program';
import { type PayoutRun, requireRun } from '@rewardbook/db/books/runs';
import { formatDate } from '@rewardbook/domain/values/calendar';
import { localDate } from '@rewardbook/domain/values/time-zone';
import type { Caller } from '../service/caller.ts';
import type { Ledger } from '../service/ledger.ts';
import type { RunCommand } from './run-sql.ts';

/** A run after a command; `repeated` where the command had had its effect before. */
export type ChangedRun = PayoutRun & { readonly repeated: boolean };

/** The date in the program's zone on which what is done now takes effect, `YYYY-MM-DD`. */
export function today(program: Pick<Program, 'timeZone'>, now: number): string {
  return formatDate(localDate(now, program.timeZone));
}

/** Gives a command on a run, and the run after it. @throws BooksRefused `program-unknown`, and as the command does */
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
  return { ...(await requireRun(ledger.sql, programId, runId)), repeated: !created };
}
