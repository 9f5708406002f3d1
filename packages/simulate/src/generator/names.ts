const DIGITS = 7;

/** Ids of creators, the most popular first: c0000001 is the star. */
export function creatorIds(creators: number): string[] {
  return Array.from({ length: creators }, (_, index) => creatorIdOf(index));
}

export function creatorIdOf(index: number): string {
  return `c${String(index + 1).padStart(DIGITS, '0')}`;
}

/** Whom a creator watches as: every other one has a viewer id of their own, registered in the pack; the others use the creator's id. */
export function ownViewerId(index: number): string {
  return index % 2 === 0 ? `${creatorIdOf(index)}-own` : creatorIdOf(index);
}
