import type { Actor } from '@rewardbook/db/actor';

/** Who does something, and when. */
export interface Caller {
  readonly actor: Actor;
  /** Server clock, epoch milliseconds. */
  readonly now: number;
}
