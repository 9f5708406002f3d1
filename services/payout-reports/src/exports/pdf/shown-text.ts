// Control and format characters (bidi overrides among them), lone surrogates, private and unassigned ones; separators but the blank.
const NEVER = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const NEUTRAL = /[^\p{L}\p{M}\p{N}]/u;

/**
 * Text as a font can show it. What it has no glyph for, and what nobody could see, is written as its code point (`\u{1F3A4}`), and
 * a backslash twice: so no two texts are written the same way, and none has wrong glyphs.
 */
export function shownText(text: string, characters: ReadonlySet<number>): string {
  let shown = '';
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (character === '\\') shown += '\\\\';
    else if (NEVER.test(character) || !characters.has(code)) shown += `\\u{${code.toString(16).toUpperCase()}}`;
    else shown += character;
  }
  return shown;
}

/**
 * Text cut into pieces of one direction, in the order in which they stand from left to right; a font lays out the inside of each.
 * That is the Unicode bidirectional algorithm for a line from left to right without embeddings and with neutrals between words of
 * the same direction only.
 */
export function directionalPieces(text: string): string[] {
  if (!RIGHT_TO_LEFT.test(text)) return text === '' ? [] : [text];
  const pieces: { text: string; isRightToLeft: boolean }[] = [];
  const add = (part: string, isRightToLeft: boolean): void => {
    const last = pieces.at(-1);
    if (last?.isRightToLeft === isRightToLeft) last.text += part;
    else if (part !== '') pieces.push({ text: part, isRightToLeft });
  };
  let pending = '';
  for (const character of text) {
    const isRightToLeft =
      RIGHT_TO_LEFT.test(character) ||
      (/\p{M}/u.test(character) && pieces.at(-1)?.isRightToLeft === true && pending === '');
    if (!isRightToLeft && NEUTRAL.test(character)) {
      pending += character;
      continue;
    }
    add(pending, isRightToLeft && pieces.at(-1)?.isRightToLeft === true);
    pending = '';
    add(character, isRightToLeft);
  }
  add(pending, false);
  return pieces.map((piece) => piece.text);
}
