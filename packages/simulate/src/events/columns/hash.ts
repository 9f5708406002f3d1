import { restAt } from './words.ts';

const START = 0x811c9dc5 | 0;
const GOLDEN = 0x9e3779b1 | 0; // 2^32 divided by the golden ratio, a prime

/**
 * Hash of bytes, 32 bits: four at a time, each time spread over the word and folded; its bits mixed at the end so that any of them
 * choose a place well. Each step is reversible: texts of one length that differ in one step only never meet.
 */
export function hashOf(view: DataView, from: number, end: number): number {
  let hash = START;
  let at = from;
  for (; at + 4 <= end; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), GOLDEN);
    hash ^= hash >>> 15;
  }
  if (at < end) {
    hash = Math.imul(hash ^ restAt(view, at, end - at), GOLDEN);
  }
  return mix(hash);
}

/** Spreads the bits of a number over all 32 (the finalizer of MurmurHash3, Appleby). */
export function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
