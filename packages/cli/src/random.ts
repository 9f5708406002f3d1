/**
 * A generator of whole numbers below a bound, the same for the same seed on every machine: SplitMix64 (Steele, Lea,
 * Flood: "Fast splittable pseudorandom number generators", OOPSLA 2014) seeded by FNV-1a over the seed's UTF-16 units.
 */
export function seededRandom(seed: string): (bound: number) => number {
  let state = 0xcbf29ce484222325n;
  for (let index = 0; index < seed.length; index += 1) {
    state = BigInt.asUintN(64, (state ^ BigInt(seed.charCodeAt(index))) * 0x100000001b3n);
  }
  return (bound) => {
    state = BigInt.asUintN(64, state + 0x9e3779b97f4a7c15n);
    let z = state;
    z = BigInt.asUintN(64, (z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n);
    z = BigInt.asUintN(64, (z ^ (z >> 27n)) * 0x94d049bb133111ebn);
    z ^= z >> 31n;
    // The top 53 bits: the bias for any bound that fits is far below what a shuffle can show.
    return Math.floor((Number(z >> 11n) / 2 ** 53) * bound);
  };
}
