import type { HoldBody, HoldSet } from '@rewardbook/contracts/api/holds';
import { requireProgram } from '@rewardbook/db/books/program';
import { canonicalJson } from '@rewardbook/domain/values/canonical-json';
import { AppError } from '@rewardbook/runtime/http/errors';
import { z } from 'zod';
import { type Answer, doOrAsk } from '../approvals/gate.ts';
import type { Caller } from '../service/caller.ts';
import type { Ledger } from '../service/ledger.ts';
import { setHold as callSetHold, findPlacing, isOnHold } from './sql.ts';

/** What a second person is asked for: lifting this very hold, by the number under which it was placed. */
export const liftPayloadSchema = z.object({
  hold: z.string(),
  creatorId: z.string(),
  reason: z.string(),
  note: z.string().optional(),
});
type LiftPayload = z.output<typeof liftPayloadSchema>;

/**
 * Places or lifts a hold, or asks a second person where lifting needs one.
 *
 * @throws AppError `program-unknown`; BooksRefused `creator-unknown`, `reference-conflict`
 */
export async function setHold(ledger: Ledger, slug: string, body: HoldBody, by: Caller): Promise<Answer<HoldSet>> {
  const { programId } = await requireProgram(ledger.sql, slug);
  const { creatorId, reason, note } = body;
  return doOrAsk(ledger, {
    act: () => change(ledger, programId, body, by),
    request: async () => {
      const hold = (await findPlacing(ledger.sql, programId, creatorId, reason)) ?? '';
      const payload = canonicalJson({ hold, creatorId, reason, note });
      return { programId, kind: 'hold', key: `hold-lifted:${hold}`, payload, actor: by.actor };
    },
  });
}

/** Lifts the hold that was approved to be lifted, and no other. @throws AppError `request-changed` */
export async function liftApprovedHold(ledger: Ledger, slug: string, lift: LiftPayload, by: Caller): Promise<void> {
  const { programId } = await requireProgram(ledger.sql, slug);
  const { hold, ...body } = lift;
  if ((await findPlacing(ledger.sql, programId, lift.creatorId, lift.reason)) !== hold) {
    throw new AppError('request-changed', `This hold of ${lift.creatorId} for ${lift.reason} was lifted before`);
  }
  await change(ledger, programId, { ...body, action: 'lift' }, by);
}

async function change(
  { sql }: Ledger,
  programId: number,
  { creatorId, reason, note, action }: HoldBody,
  { actor }: Caller,
): Promise<HoldSet> {
  const done = action === 'place' ? 'placed' : 'lifted';
  const changed = await callSetHold(sql, { programId, creatorId, action: done, reason, note: note ?? null, actor });
  return { creatorId, reason, isOnHold: await isOnHold(sql, programId, creatorId), repeated: !changed };
}
