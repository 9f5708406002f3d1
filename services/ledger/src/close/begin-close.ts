import type { Actor } from '@rewardbook/db/actor';
import { findClose } from '@rewardbook/db/books/closes';
import { requireProgram } from '@rewardbook/db/books/program';
import { canonicalJson } from '@rewardbook/domain/values/canonical-json';
import { assertPeriodOf, previousPeriod } from '@rewardbook/domain/values/period';
import type { Gated } from '../approvals/gate.ts';
import { boundsOfOpen } from '../programs/program-starts.ts';
import type { Ledger } from '../service/ledger.ts';
import { beginClose as callBeginClose } from './sql/periods.ts';

export interface BegunClose {
  readonly status: 'closing' | 'closed';
}

/**
 * Begins a close, which fixes what it uses, and hands it to the workers. Begun already: it is only handed on again.
 * It starts where the close before ended, also where the zone's rules have moved since. Losing the job is harmless: the sweep finds periods left in `closing`.
 *
 * @throws AppError `program-unknown`, `bad-period`; BooksRefused for what `begin_close` refuses
 */
export async function beginClose(ledger: Ledger, slug: string, period: string, actor: Actor): Promise<BegunClose> {
  const program = await requireProgram(ledger.sql, slug);
  assertPeriodOf(program, period);
  const { start, end } = await boundsOfOpen(ledger.sql, program, period);
  await callBeginClose(ledger.slowSql, {
    programId: program.programId,
    period,
    startsAt: start,
    endsAt: end,
    previous: previousPeriod(period),
    actor,
  });
  await ledger.enqueueClose({ program: slug, period }).catch(
    () => undefined, // the queue logs its own errors, and the close is begun: saying that it failed would be wrong
  );
  const row = await findClose(ledger.sql, program.programId, period);
  return { status: row?.status ?? 'closing' };
}

/** The beginning of a close, which may need a second person. @throws as `beginClose` */
export async function planBeginClose(
  ledger: Ledger,
  slug: string,
  period: string,
  actor: Actor,
): Promise<Gated<BegunClose>> {
  const { programId } = await requireProgram(ledger.sql, slug);
  return {
    act: () => beginClose(ledger, slug, period, actor),
    request: () => ({ programId, kind: 'close', key: `close:${period}`, payload: canonicalJson({ period }), actor }),
  };
}
