import { formatAmount } from '@rewardbook/money/amount';
import type { Currency } from '@rewardbook/money/currency';
import { canonicalJson, canonicalString } from '../values/canonical-json.ts';
import { sha256Hex, TextHash } from '../values/sha256.ts';
import type { Posting } from './posting.ts';

/** The previous hash of a journal's first entry. */
export const GENESIS_HASH = '0'.repeat(64);

/** What of an entry is hashed besides its postings. */
export interface EntryHeader {
  readonly program: string;
  /** From 1, without gaps. */
  readonly seq: number;
  readonly key: string;
  readonly kind: string;
  readonly currency: string;
  /** `YYYY-MM-DD` */
  readonly effectiveAt: string;
  /** `2026-10-01T00:00:00.000Z` */
  readonly postedAt: string;
  readonly details: Readonly<Record<string, string>>;
  readonly reverses: string | null;
}

export interface EntryHashInput {
  readonly previousHash: string;
  readonly header: EntryHeader;
  readonly postingCount: number;
  readonly postingsHash: string;
}

/** SHA-256 of `<previous hash>\n<header as canonical JSON>\n<number of postings>\n<hash of the postings>`. */
export function entryHash({ previousHash, header, postingCount, postingsHash }: EntryHashInput): string {
  return sha256Hex(`${previousHash}\n${canonicalHeader(header)}\n${postingCount}\n${postingsHash}`);
}

/** Canonical JSON of `{currency, details, effectiveAt, key, kind, postedAt, program, reverses, seq}`. */
export function canonicalHeader(header: EntryHeader): string {
  const { currency, details, effectiveAt, key, kind, postedAt, program, reverses, seq } = header;
  return canonicalJson({ currency, details, effectiveAt, key, kind, postedAt, program, reverses, seq });
}

/** Hash of an entry's postings, added one by one in line order: a line `["account","amount"]` for each. */
export interface PostingsHasher {
  add(posting: Posting): void;
  /** A posting whose amount is written already, in major units with the currency's digits. */
  addLine(account: string, amount: string): void;
  readonly count: number;
  /** SHA-256 in hex, after which nothing can be added. */
  digest(): string;
}

export function postingsHasher(currency: Currency): PostingsHasher {
  const hash = new TextHash();
  let count = 0;
  const addLine = (account: string, amount: string): void => {
    hash.update(`[${canonicalString(account)},"${amount}"]\n`);
    count += 1;
  };
  return {
    add: ({ account, amount }) => addLine(account, formatAmount(amount, currency)),
    addLine,
    get count() {
      return count;
    },
    digest: () => hash.digest(),
  };
}
