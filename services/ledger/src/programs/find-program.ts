import type { Sql } from '@rewardbook/db/client';
import { AppError } from '@rewardbook/runtime/http/errors';
import { findProgram, type Program } from './sql.ts';

/** The program with this slug. Throws AppError `program-unknown`. */
export async function requireProgram(sql: Sql, slug: string): Promise<Program> {
  const program = await findProgram(sql, slug);
  if (program === undefined) {
    throw new AppError('program-unknown', `There is no program ${slug}; apply its policy first`);
  }
  return program;
}
