import { z } from 'zod';

/** What a sealed cookie holds; times in epoch milliseconds. */
export const sessionSchema = z.strictObject({
  /** Names the session in this process; another one after a change of person. */
  id: z.string(),
  /** The API key that it acts with. */
  key: z.string(),
  beganAt: z.int(),
  /** When the cookie was last sealed. */
  usedAt: z.int(),
});

export type Session = z.output<typeof sessionSchema>;

/** How long a session may lie unused. */
const MAX_IDLE_MS = 30 * 60_000;
/** How long it lasts, however it is used. */
export const MAX_AGE_MS = 12 * 60 * 60_000;
/** A cookie that was sealed less than this ago is not sealed again: a page asks for many things at once. */
const RESEAL_AFTER_MS = 60_000;

/** When a session ends if it is not used again, in epoch milliseconds. */
export function endOf({ beganAt, usedAt }: Session): number {
  return Math.min(beganAt + MAX_AGE_MS, usedAt + MAX_IDLE_MS);
}

/** Whether its cookie is to be sealed anew for being used now. */
export function isDueForSeal({ usedAt }: Session, now: number): boolean {
  return now - usedAt >= RESEAL_AFTER_MS;
}
