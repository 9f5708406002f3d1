const FNV_OFFSET = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;
const GOLDEN = 0x9e3779b1 | 0; // 2^32 divided by the golden ratio, a prime

/**
 * Hash of bytes, 32 bits: four at a time, each time spread over the word and folded, the last few as FNV-1a has them; its bits mixed at
 * the end so that any of them choose a place well. Each step is reversible: texts of one length that differ in one step only never meet.
 */
export function hashOf(bytes: Uint8Array, from: number, end: number): number {
  let hash = FNV_OFFSET;
  let at = from;
  for (; at + 4 <= end; at += 4) {
    const word =
      (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    hash = Math.imul(hash ^ word, GOLDEN);
    hash ^= hash >>> 15;
  }
  for (; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), FNV_PRIME);
  return mix(hash);
}

/** Spreads the bits of a number over all 32 (the finalizer of MurmurHash3, Appleby). */
export function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
