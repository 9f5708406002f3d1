import { findProgram } from '@rewardbook/db/books/program';
import type { Sql } from '@rewardbook/db/client';

export type FindProgram = (slug: string) => Promise<number | undefined>;

/**
 * Finds programs by slug. Known ones are remembered: a program is never removed and its slug never changes.
 *
 * @param attempt how to make a query: with a time limit, and again if it failed
 */
export function programFinder(
  sql: Sql,
  attempt: <T>(query: () => Promise<T>) => Promise<T> = (query) => query(),
): FindProgram {
  const known = new Map<string, number>();
  return async (slug) => {
    const cached = known.get(slug);
    if (cached !== undefined) {
      return cached;
    }
    const program = await attempt(() => findProgram(sql, slug));
    if (program !== undefined) {
      known.set(slug, program.programId);
    }
    return program?.programId;
  };
}
