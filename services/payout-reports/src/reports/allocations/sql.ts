import type { AllocationFilter } from '@rewardbook/db/lists/allocations';
import { allocationsQuery } from '@rewardbook/db/lists/allocations';
import { toQuery } from '@rewardbook/db/lists/sql-piece';
import type { CreatorResult } from '@rewardbook/domain/close/result';
import { inBatches, type ReportSource } from '../../service/read-cursor.ts';
import type { ReportedProgram } from '../../service/reported-program.ts';

/** By creator. */
export function readAllocations(
  source: ReportSource,
  { programId }: ReportedProgram,
  attemptId: string,
  filter: AllocationFilter,
): AsyncGenerator<{ [Key in keyof CreatorResult]: CreatorResult[Key] }[]> {
  return inBatches(source, toQuery(allocationsQuery({ programId, attemptId, filter })));
}
