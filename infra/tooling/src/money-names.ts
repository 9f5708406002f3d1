/** A word that says that a value is money, points, or what they are split or multiplied by. */
const MONEY_WORDS = new Set(
  [
    'amount amounts balance balances credit credits debit debits fee fees funded gross minor money net',
    'payable payout payouts points pool pools price prices quota quotas rate rates revenue revenues share shares',
    'allocated allocation allocations undistributed weight weights withheld withholding',
  ].flatMap((line) => line.split(' ')),
);

/** A word that says that the value only counts, measures or orders such things. */
const COUNTING_WORDS = new Set(
  [
    'bits bytes count counts digits exponent follows index indexes length likes limit line lines',
    'milliseconds ms number places position scale seconds size sizes total version',
  ].flatMap((line) => line.split(' ')),
);

/** Names that say money and are not; a value is one by its whole name. */
const NOT_MONEY: ReadonlyMap<string, string> = new Map([
  ['FEW_WEIGHTS', 'a number of weights'],
  ['LIMBED_WEIGHTS', 'a bound of estimates'],
  ['MAX_IDENTIFIER_CODE_POINTS', 'Unicode code points'],
]);

/** A word that says that a string is of ASCII digits, letters and dashes at fixed places: any order is that of bytes. */
const ASCII_WORDS = new Set(['at', 'code', 'date', 'day', 'period']);

export function saysAscii(name: string): boolean {
  return wordsOf(name).some((word) => ASCII_WORDS.has(word));
}

/** A name's words: `netLikes` → net, likes; `MAX_SHARE` → max, share. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** Whether a variable, property, parameter or function of this name holds or gives money. */
export function saysMoney(name: string): boolean {
  if (NOT_MONEY.has(name)) {
    return false;
  }
  const words = wordsOf(name);
  if (words[0] === 'by' || words[0] === 'compare') {
    return false; // an order
  }
  return words.some((word) => MONEY_WORDS.has(word)) && !words.some((word) => COUNTING_WORDS.has(word));
}
