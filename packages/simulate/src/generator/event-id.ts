const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const BITS_PER_PIECE = 15;
const PIECES = piecesOfThree();

/**
 * Ids that look and sort like ULIDs: 10 characters of epoch milliseconds, then 16 for what a ULID fills at random: here 10 for the seed
 * and 6 for the event's number, below 2^30. So they are unique, in time order, and the same every time.
 */
export function eventIds(seed: number): (epochMs: number, number: number) => string {
  const origin = `${piece(0)}${base32(Math.floor(seed / 2 ** BITS_PER_PIECE) % 2 ** 30)}${piece(seed)}`.slice(-10);
  return (epochMs, number) => {
    // 50 bits of time: one character of 5 bits, three pieces of 15.
    const high = Math.floor(epochMs / 2 ** 30);
    const low = epochMs % 2 ** 30;
    return `${CROCKFORD[(high >>> BITS_PER_PIECE) & 31]}${piece(high)}${base32(low)}${origin}${base32(number)}`;
  };
}

/** Six characters for a number below 2^30. */
function base32(value: number): string {
  return piece(value >>> BITS_PER_PIECE) + piece(value);
}

function piece(value: number): string {
  return PIECES[value & (2 ** BITS_PER_PIECE - 1)] ?? '';
}

function piecesOfThree(): string[] {
  const letters = [...CROCKFORD];
  return letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c)));
}
