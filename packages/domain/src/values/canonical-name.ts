/**
 * Invisible characters: controls, format characters, what a renderer ignores, and a blank that is not a space (U+2800).
 */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]/gu;

// The one letter whose capital folds to another one.
const DOTLESS_I = '\u0131';

/**
 * The form in which names of people (of API keys) are stored, shown and compared: compatibility characters as what they stand for
 * (NFKC), case folded, blanks single and none around it, and nothing that is not seen. Two names that cannot be told apart are one;
 * letters of different scripts that look alike stay different.
 *
 * @returns '' where nothing is left
 */
export function canonicalName(text: string): string {
  const once = folded(text.replace(UNSEEN, '').normalize('NFKC').replace(UNSEEN, '')).normalize('NFKC');
  const name = once.replace(/\s+/gu, ' ').trim();
  // What folding or composing has made may fold again; a few rounds at most.
  return name === text ? name : canonicalName(name);
}

/** Letter by letter: on whole words `toLowerCase` makes a final sigma, which is another letter. */
function folded(text: string): string {
  let result = '';
  for (const letter of text) {
    result += letter === DOTLESS_I ? letter : letter.toUpperCase().toLowerCase();
  }
  return result;
}
