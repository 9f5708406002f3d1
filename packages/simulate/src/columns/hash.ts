const FNV_OFFSET = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

/** Hash of bytes, 32 bits: FNV-1a, its bits mixed at the end so that any of them choose a place well. */
export function hashOf(bytes: Uint8Array, from: number, end: number, seed = 0): number {
  let hash = FNV_OFFSET ^ seed;
  for (let at = from; at < end; at += 1) hash = Math.imul(hash ^ (bytes[at] ?? 0), FNV_PRIME);
  return mix(hash);
}

/** Spreads the bits of a number over all 32 (the finalizer of MurmurHash3, Appleby). */
export function mix(value: number): number {
  let hash = value;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
