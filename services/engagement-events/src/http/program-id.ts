import { AppError } from '@rewardbook/runtime/http/errors';
import type { FindProgram } from '../sql/program-store.ts';

/** @throws AppError `program-unknown` */
export async function programIdOf(slug: string, findProgram: FindProgram): Promise<number> {
  const programId = await findProgram(slug);
  if (programId !== undefined) {
    return programId;
  }
  throw new AppError('program-unknown', `There is no program ${slug}; apply its policy to the ledger first`);
}
