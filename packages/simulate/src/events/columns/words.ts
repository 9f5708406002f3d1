/**
 * What is left of a text after its last whole word of four bytes.
 *
 * @param count of the bytes, 1 to 3
 * @returns them in a word, the first one lowest
 */
export function restAt(view: DataView, at: number, count: number): number {
  if (at + 4 <= view.byteLength) {
    return view.getInt32(at, true) & ((1 << (8 * count)) - 1);
  }
  let word = 0;
  for (let index = 0; index < count; index += 1) {
    word |= view.getUint8(at + index) << (8 * index);
  }
  return word;
}
