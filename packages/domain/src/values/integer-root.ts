/** ⌊√value⌋ of a whole number from 0, exactly: Newton's method from above. */
export function integerRoot(value: bigint): bigint {
  if (value < 0n) {
    throw new RangeError(`${value} has no square root`);
  }
  if (value < 2n) {
    return value;
  }
  // 2^⌈bits / 2⌉ is above the root; a hexadecimal digit has four bits.
  let root = 1n << BigInt(2 * value.toString(16).length);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) {
      return root;
    }
    root = next;
  }
}
