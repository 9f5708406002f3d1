// What a reader cannot see, or takes for a blank: separators but for the plain blank, controls, formats. Within texts of other
// scripts, and in emoji, joiners are a part of how they are written.
const JOINER = '(?<=[^\\x00-\\x7f])[\\u200c\\u200d](?=[^\\x00-\\x7f])';
const UNSEEN = new RegExp(`(?! |${JOINER})[\\p{Z}\\p{Cc}\\p{Cf}]`, 'gu');
const AMBIGUOUS = new RegExp(`^$|^[ "]| $| {2}|${UNSEEN.source}`, 'u');

/**
 * An id or a reference so that two that differ look different: unchanged, or if it begins or ends with a blank, or has two in a
 * row, or something that cannot be seen, in quotes and with that escaped: `"INV-1 "`, `"a\u{200b}b"`.
 */
export function visible(text: string): string {
  if (!AMBIGUOUS.test(text)) {
    return text;
  }
  const escaped = text
    .replace(/["\\]/g, '\\$&')
    .replace(UNSEEN, (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`);
  return `"${escaped}"`;
}
