import type { TallyJob } from '@rewardbook/contracts/api/jobs';
import { findProgramById } from '@rewardbook/db/books/program';
import { MS_PER_DAY } from '@rewardbook/domain/values/calendar';
import { type PeriodWindows, windowsBetween, windowsOfDays } from '../close/compute/period-windows.ts';
import { startsOfProgram } from '../programs/program-starts.ts';
import type { Ledger } from '../service/ledger.ts';
import { type DueBatches, daysOfBatches, findDue, tallyBatches } from './sql.ts';

// Up to this long a stretch its periods are worked out without looking at the events.
const SHORT_STRETCH_MS = 400 * MS_PER_DAY;

/** Adds batches to the live estimates, each once however often it comes; gives how many were added now. */
export async function tally(ledger: Ledger, { batchIds }: TallyJob): Promise<number> {
  let tallied = 0;
  for (const due of await findDue(ledger.sql, batchIds)) {
    const windows = await windowsOf(ledger, due);
    tallied += await tallyBatches(ledger.sql, due.programId, due.batchIds, windows);
  }
  return tallied;
}

async function windowsOf({ sql }: Ledger, due: DueBatches): Promise<PeriodWindows> {
  const program = await findProgramById(sql, due.programId);
  if (program === undefined) {
    throw new Error(`batches of program ${due.programId}, which is not there`);
  }
  const zone = { ...program, startOf: await startsOfProgram(sql, program) };
  return due.occurredMax - due.occurredMin <= SHORT_STRETCH_MS
    ? windowsBetween(zone, due.occurredMin, due.occurredMax)
    : windowsOfDays(zone, await daysOfBatches(sql, due.programId, due.batchIds));
}
