import type { CreatorFilter } from '@rewardbook/db/lists/creators';
import { creatorsQuery } from '@rewardbook/db/lists/creators';
import { toQuery } from '@rewardbook/db/lists/sql-piece';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { inBatches, type ReportSource } from '../../service/read-cursor.ts';
import type { ReportedProgram } from '../../service/reported-program.ts';

/** The newest registry, by creator. */
export function readCreators(
  source: ReportSource,
  { programId, creatorsVersion: version }: ReportedProgram,
  filter: CreatorFilter,
): AsyncGenerator<{ [Key in keyof RegisteredCreator]: RegisteredCreator[Key] }[]> {
  return inBatches(source, toQuery(creatorsQuery({ programId, version, filter })));
}
