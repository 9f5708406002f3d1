/** Creators of one weight. */
export interface WeightGroup {
  readonly weight: bigint;
  readonly creators: number;
}

/** A round of a capped split: the amount to split, the weights, and who was above the cap. */
export interface CapRound {
  /** Minor units. */
  readonly pool: bigint;
  readonly totalWeight: bigint;
  /** Creators that got the cap in this round. */
  readonly capped: number;
  /** The smallest weight that was above the cap; undefined in the last round, which caps no one. */
  readonly leastCapped: bigint | undefined;
}

/**
 * The rounds of a split with a cap: creators whose exact quota is above the cap get the cap, and the rest of the pool
 * is split among the others, until no quota is above the cap. The last round is the one that is split by largest
 * remainder.
 *
 * @param groups weights above zero, the largest first, equal ones together; read only up to the first that is not above
 * the cap
 */
export function capRounds(
  pool: bigint,
  cap: bigint,
  totalWeight: bigint,
  groups: Iterable<WeightGroup>,
): readonly [...CapRound[], CapRound] {
  const rounds: CapRound[] = [];
  const heaviest = groups[Symbol.iterator]();
  let next = heaviest.next();
  let rest = { pool, totalWeight };
  for (;;) {
    let capped = 0;
    let weight = 0n;
    let leastCapped: bigint | undefined;
    while (next.done !== true && rest.pool * next.value.weight > cap * rest.totalWeight) {
      capped += next.value.creators;
      weight += next.value.weight * BigInt(next.value.creators);
      leastCapped = next.value.weight;
      next = heaviest.next();
    }
    if (capped === 0) {
      return [...rounds, { ...rest, capped, leastCapped }];
    }
    rounds.push({ ...rest, capped, leastCapped });
    rest = { pool: rest.pool - cap * BigInt(capped), totalWeight: rest.totalWeight - weight };
  }
}
