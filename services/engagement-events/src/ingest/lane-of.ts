/** Statements that one stream has under way at the same time. Two keep the server busy while one commits. */
export const LANES = 2;

/**
 * The lane of an event, by its id. Within a lane statements follow one another, so the earlier of two lines with the same
 * identity is recorded first.
 */
export function laneOf(id: string): number {
  let hash = 0;
  for (let i = 0; i < id.length; i++) hash = hashByte(hash, id.charCodeAt(i));
  return laneOfHash(hash);
}

/** laneOf in steps: for ASCII, its bytes are its character codes. */
export function hashByte(hash: number, byte: number): number {
  return (Math.imul(hash, 31) + byte) | 0;
}

export function laneOfHash(hash: number): number {
  return ((hash >>> 16) ^ hash) & (LANES - 1);
}
