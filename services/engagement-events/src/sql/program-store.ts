import { query, type Sql } from '@rewardbook/db/client';
import { program } from '@rewardbook/db/schema';
import { eq } from 'drizzle-orm';

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
  const db = query(sql);
  const known = new Map<string, number>();
  return async (slug) => {
    const cached = known.get(slug);
    if (cached !== undefined) {
      return cached;
    }
    const [row] = await attempt(() =>
      db.select({ programId: program.programId }).from(program).where(eq(program.slug, slug)).execute(),
    );
    if (row !== undefined) {
      known.set(slug, row.programId);
    }
    return row?.programId;
  };
}
