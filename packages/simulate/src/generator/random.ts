/** Uniform whole numbers in [0, 2^32), the same on every machine for the same seed. */
export type Random = () => number;

const WARM_UP_DRAWS = 15;

/**
 * sfc32 (Chris Doty-Humphrey, PractRand): 128 bits of state, passes PractRand and BigCrush, additions, shifts and xors of 32 bits
 * only. `stream` gives independent sequences of one seed, so that a change in one part of a generator leaves the others alone.
 */
export function randomFrom(seed: number, stream: number): Random {
  let a = seed >>> 0;
  let b = Math.floor(seed / 2 ** 32) >>> 0;
  let c = stream >>> 0;
  let counter = 1;
  const next = () => {
    const result = (a + b + counter) >>> 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + result) | 0;
    return result;
  };
  for (let draw = 0; draw < WARM_UP_DRAWS; draw++) {
    next();
  }
  return next;
}

/** A fraction in [0, 1) from 32 bits. */
export function fraction(bits: number): number {
  return bits * 2 ** -32;
}

/** Spreads an integer over 32 bits (the finaliser of MurmurHash3), for choices that stay the same without being stored. */
export function mix(value: number): number {
  let h = value >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
