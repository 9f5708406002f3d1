const GOLDEN_GAMMA = 0x9e3779b97f4a7c15n;

/**
 * A generator of whole numbers below a bound, the same for the same seed on every machine: SplitMix64 (Steele, Lea,
 * Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014) seeded by FNV-1a over the seed's UTF-16 units.
 */
export function seededRandom(seed: string): (bound: number) => number {
  let state = hashOf(seed);
  return (bound) => {
    state = BigInt.asUintN(64, state + GOLDEN_GAMMA);
    return Math.floor(fractionOf(state) * bound);
  };
}

/**
 * A fraction from 0 up to 1 for each whole number, in any order: what a SplitMix64 generator with this seed draws
 * after that many steps. What is drawn for one number does not depend on which others are asked for.
 */
export function seededDraw(seed: string): (index: number) => number {
  const start = hashOf(seed);
  return (index) => fractionOf(BigInt.asUintN(64, start + BigInt(index + 1) * GOLDEN_GAMMA));
}

/** FNV-1a, 64 bits. */
function hashOf(seed: string): bigint {
  let hash = 0xcbf29ce484222325n;
  for (let index = 0; index < seed.length; index += 1) {
    hash = BigInt.asUintN(64, (hash ^ BigInt(seed.charCodeAt(index))) * 0x100000001b3n);
  }
  return hash;
}

function fractionOf(state: bigint): number {
  let z = state;
  z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
  z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
  z ^= z >> 31n;
  // The top 53 bits: the bias for any bound that fits is far below what a shuffle can show.
  return Number(z >> 11n) / 2 ** 53;
}
