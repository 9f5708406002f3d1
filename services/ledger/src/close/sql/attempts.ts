import { setTimeout } from 'node:timers/promises';
import type { Sql } from '@rewardbook/db/client';

const END_WITHIN_MS = 1_000;

/** An attempt of a close, to be folded in `parts` parts. */
export interface AttemptCall {
  readonly programId: number;
  readonly closeNo: number;
  readonly parts: number;
}

/**
 * Opens an attempt of a close and does its work. Its own connection shows until the end that it is being worked on,
 * so that no sweep removes it, however long it lasts. If only that connection is lost, the attempt goes on: the sweep
 * leaves it some time.
 *
 * @param open gives a pool of one connection, which is closed here
 */
export async function withAttempt<Value>(
  open: () => Sql,
  { programId, closeNo, parts }: AttemptCall,
  work: (attemptId: string) => Promise<Value>,
): Promise<Value> {
  const connection = open();
  try {
    const [row] = await connection<{ attemptId: string }[]>`
      SELECT begin_attempt(${programId}, ${closeNo}, ${parts})::text AS "attemptId"`;
    if (row === undefined) {
      throw new Error('begin_attempt gave no row');
    }
    try {
      return await work(row.attemptId);
    } finally {
      const ended = connection`SELECT end_attempt(${row.attemptId}::bigint)`.catch(() => undefined); // its end says it too
      await Promise.race([ended, setTimeout(END_WITHIN_MS, undefined, { ref: false })]);
    }
  } finally {
    await connection.end({ timeout: END_WITHIN_MS / 1_000 });
  }
}

/** Removes what attempts older than this have left behind, if they are no longer being worked on; gives how many. */
export async function sweepAttempts(sql: Sql, olderThanSeconds: number): Promise<number> {
  const [row] = await sql<{ swept: number }[]>`
    SELECT sweep_attempts(make_interval(secs => ${olderThanSeconds})) AS swept`;
  return row?.swept ?? 0;
}
