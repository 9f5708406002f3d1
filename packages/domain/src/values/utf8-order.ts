const FIRST_SURROGATE = 0xd800;
const LAST_SURROGATE = 0xdfff;
const SURROGATE = /[\ud800-\udfff]/;

/**
 * Order of two well-formed strings by their UTF-8 bytes, which is that of their code points: negative, zero or positive.
 * JavaScript's own `<` compares UTF-16 units and puts an emoji before U+E000…U+FFFF.
 */
export function compareUtf8(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const unitA = a.charCodeAt(index);
    const unitB = b.charCodeAt(index);
    if (unitA !== unitB) {
      return rank(unitA) - rank(unitB);
    }
  }
  return a.length - b.length;
}

/** Sorts strings in place by their UTF-8 bytes. */
export function sortUtf8(strings: string[]): string[] {
  // Without surrogates both orders are the same, and the engine's own sort is several times faster.
  return strings.some((text) => SURROGATE.test(text)) ? strings.sort(compareUtf8) : strings.sort();
}

/** A unit's place in code point order: surrogates stand for U+10000 and above, so they come last. */
function rank(unit: number): number {
  return unit >= FIRST_SURROGATE && unit <= LAST_SURROGATE ? unit + 0x10000 : unit;
}
