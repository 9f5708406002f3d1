import { DomainError } from '../values/error.ts';

/** One line of a journal entry: minor units of the program's currency, debit positive, credit negative. */
export interface Posting {
  readonly account: string;
  readonly amount: bigint;
}

export type EntryKind =
  | 'revenue'
  | 'close'
  | 'holdback'
  | 'release'
  | 'payout'
  | 'settlement'
  | 'payout-return'
  | 'tax-remittance'
  | 'receipt'
  | 'funding'
  | 'adjustment'
  | 'clawback'
  | 'write-off'
  | 'unclaimed'
  | 'reversal';

/** A journal entry before it has a number, a posting time and a hash. */
export interface EntryDraft {
  /** Natural key: posting it again is a no-op. */
  readonly key: string;
  readonly kind: EntryKind;
  /** `YYYY-MM-DD`. */
  readonly effectiveAt: string;
  /** Flat; all values are strings. */
  readonly details: Readonly<Record<string, string>>;
  /** Key of the entry that this one corrects, or null: a reversal undoes it whole, a booking of revenue adds to it. */
  readonly reverses: string | null;
  /** In line order. May be made while it is read, and be read again: a close has one for each creator. */
  readonly postings: Iterable<Posting>;
}

/**
 * Passes postings through and throws DomainError `bad-posting` at their end unless there are at least two and they sum to
 * zero.
 */
export function* balanced(postings: Iterable<Posting>): Generator<Posting, void, undefined> {
  let sum = 0n;
  let count = 0;
  for (const posting of postings) {
    sum += posting.amount;
    count += 1;
    yield posting;
  }
  if (count < 2) {
    throw new DomainError('bad-posting', `An entry has two or more postings, this one has ${count}`);
  }
  if (sum !== 0n) {
    throw new DomainError('bad-posting', `The postings of an entry sum to zero, these to ${sum}`);
  }
}
