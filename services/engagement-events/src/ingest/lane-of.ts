import { idHashOf } from '@rewardbook/contracts/events/event-scanner';

/** Statements that one stream has under way at the same time. Two keep the server busy while one commits. */
export const LANES = 2;

/**
 * The lane of an event, by its id. Within a lane statements follow one another, so the earlier of two lines with the same
 * identity is recorded first.
 */
export function laneOf(id: string): number {
  return laneOfHash(idHashOf(id));
}

/** The lane of an id with this hash (`idHashOf`). */
export function laneOfHash(hash: number): number {
  return ((hash >>> 16) ^ hash) & (LANES - 1);
}
