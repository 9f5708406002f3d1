import type { CheckOut } from '@rewardbook/contracts/api/verify';
import { type EntryRow, listEntries } from '@rewardbook/db/books/entries';
import { type Program, readHead } from '@rewardbook/db/books/program';
import type { Sql } from '@rewardbook/db/client';
import { creatorOfAccount } from '@rewardbook/domain/books/account';
import { entryHash, GENESIS_HASH, postingsHasher } from '@rewardbook/domain/books/journal-hash';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { z } from 'zod';
import { readPostings } from './books-sql.ts';
import { Checks, type Tally } from './check.ts';

const PAGE = 500;
const detailsSchema = z.record(z.string(), z.string());

const NUMBERS = 'journal: numbers without gaps';
const CHAIN = 'journal: hash chain';
const POSTINGS = 'journal: postings as they were hashed';
const SUMS = 'journal: every entry sums to zero';
export const JOURNAL_CHECKS = [NUMBERS, CHAIN, POSTINGS, SUMS];

export const BEGINNING = { seq: 0, hash: GENESIS_HASH };

/** The journal from its beginning, or after an entry: numbers, hash chain, and the postings of each entry, all computed again. */
export async function verifyJournal(
  sql: Sql,
  program: Program,
  after = BEGINNING,
  checks = new Checks(),
): Promise<CheckOut[]> {
  const sequence = checks.begin(NUMBERS);
  const chain = checks.begin(CHAIN);
  const postings = checks.begin(POSTINGS);
  const sums = checks.begin(SUMS);
  let { seq, hash } = after;
  for (;;) {
    const entries = await listEntries(sql, program.programId, { after: seq, limit: PAGE });
    for (const entry of entries) {
      const expected = seq + 1;
      sequence.note(
        entry.seq === expected,
        () => `entry ${entry.entryKey} has seq ${entry.seq}, ${expected} is missing`,
      );
      const computed = hashOf(program, hash, entry);
      chain.note(entry.hash === computed, () => {
        return `entry ${entry.seq} (${entry.entryKey}): its hash is ${entry.hash}, computed ${computed}`;
      });
      await verifyPostings(sql, program, entry, { postings, sums });
      // The stored hash, so that one changed entry is one difference and not one for each that follows.
      ({ seq, hash } = entry);
    }
    if (entries.length < PAGE) {
      break;
    }
  }
  const head = await readHead(sql, program.programId);
  sequence.note(head.seq === seq, () => `the journal's head is at seq ${head.seq}, its last entry is ${seq}`);
  chain.note(head.hash === hash, () => `the journal's head has hash ${head.hash}, its last entry ${hash}`);
  return JOURNAL_CHECKS.map((check) => checks.end(check));
}

function hashOf(program: Program, previousHash: string, entry: EntryRow): string {
  const { seq, entryKey: key, kind, effectiveAt, postedAt, reverses, postingCount, postingsHash } = entry;
  const details = detailsOf(entry.details);
  if (details === undefined) {
    return 'nothing: its details are no object of texts';
  }
  const header = {
    program: program.slug,
    currency: program.currency.code,
    seq,
    key,
    kind,
    effectiveAt,
    postedAt,
    details,
    reverses,
  };
  return entryHash({ previousHash, header, postingCount, postingsHash });
}

function detailsOf(text: string): Record<string, string> | undefined {
  try {
    return detailsSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}

async function verifyPostings(
  sql: Sql,
  { programId, currency }: Program,
  entry: EntryRow,
  { postings, sums }: { postings: Tally; sums: Tally },
): Promise<void> {
  const name = `entry ${entry.seq} (${entry.entryKey})`;
  const hasher = postingsHasher(currency);
  let sum = 0n;
  let fault: string | undefined;
  await readPostings(sql, programId, entry.entryId, ({ line, account, amount, creatorId }) => {
    if (line !== hasher.count + 1) {
      fault ??= `line ${hasher.count + 1} is missing`;
    }
    if (ownerOf(account) !== creatorId) {
      fault ??= `line ${line} is under creator "${creatorId}" and account ${account}`;
    }
    const minor = minorUnits(amount, currency.digits);
    if (minor === undefined) {
      fault ??= `line ${line} has the amount ${amount}, which ${currency.code} has not`;
      return;
    }
    sum += minor;
    hasher.addLine(account, formatAmount(minor, currency));
  });
  const { count } = hasher;
  const computed = hasher.digest();
  if (count !== entry.postingCount) {
    fault ??= `it has ${count} postings, it says ${entry.postingCount}`;
  }
  if (computed !== entry.postingsHash) {
    fault ??= `its postings hash to ${computed}, it says ${entry.postingsHash}`;
  }
  postings.note(fault === undefined, () => `${name}: ${fault ?? ''}`);
  sums.note(sum === 0n, () => `${name}: its postings sum to ${formatAmount(sum, currency)}`);
}

function minorUnits(text: string, digits: number): bigint | undefined {
  try {
    return parseAmount(text, { code: '', digits });
  } catch {
    return undefined;
  }
}

function ownerOf(account: string): string {
  try {
    return creatorOfAccount(account) ?? '';
  } catch {
    return '';
  }
}
