import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import type { Currency } from '@rewardbook/money/currency';
import { datesOf, type ReportContext } from '../../service/report-context.ts';
import { type EntryLine, type JournalFileEntry, readAccounts, readEntryLines } from './sql.ts';

/**
 * Digits that the commodity has beyond the currency's: hledger 1.25 accepts an imbalance of half a unit of the last
 * one.
 */
const SPARE_DIGITS = 2;

const TAGS = ['key', 'kind', 'seq', 'posted', 'reverses', 'hash'] as const;

/**
 * The journal in the plain-text format that hledger and Ledger have in common, piece by piece: declarations first, then each entry
 * in the journal's order, its key, sequence number and hash as tags. A period has the entries that take effect in it.
 *
 * Both programs in their strict modes refuse an account, commodity or tag that is not declared.
 */
export async function* plainTextJournal(
  context: ReportContext,
  filter: { readonly period: string | undefined },
): AsyncGenerator<string, void, undefined> {
  const { program, source } = context;
  const dates = filter.period === undefined ? undefined : datesOf(program, filter.period);
  yield declarations(program.slug, program.headSeq, program.currency);
  for await (const batch of readAccounts(source, program)) {
    yield batch.map(({ account }) => `account ${account}\n    ; type: ${typeOf(account)}\n`).join('');
  }
  for await (const batch of readEntryLines(source, program, dates)) {
    yield batch.map((line) => entryText(line, program.currency)).join('');
  }
}

function declarations(program: string, headSeq: number, currency: Currency): string {
  const sample = `1000.${'0'.repeat(currency.digits + SPARE_DIGITS)} ${currency.code}`;
  return [
    `; Books of ${program} up to entry ${headSeq}. Debits are positive.`,
    `commodity ${currency.code}`,
    `    format ${sample}`,
    ...[...TAGS, 'type'].map((tag) => `tag ${tag}`),
    '',
  ].join('\n');
}

function entryText({ header, account, amount }: EntryLine, currency: Currency): string {
  // Two spaces end an account's name; codes have no blank (`packages/domain/src/books/account.ts`).
  const posting = `    ${account}  ${formatAmount(parseAmount(amount, currency), currency)} ${currency.code}\n`;
  return header === null ? posting : headerText(header) + posting;
}

function headerText(entry: JournalFileEntry): string {
  const values: Readonly<Record<(typeof TAGS)[number], string | null>> = {
    key: entry.entryKey,
    kind: entry.kind,
    seq: String(entry.seq),
    posted: entry.postedAt,
    reverses: entry.reverses,
    hash: entry.hash,
  };
  const tags = TAGS.flatMap((tag) => {
    const value = values[tag];
    return value === null ? [] : `    ; ${tag}: ${tagValue(value)}\n`;
  });
  return `\n${entry.effectiveAt} * (${entry.seq}) ${entry.kind}\n${tags.join('')}`;
}

// A comma ends a tag's value in hledger, a bracket begins a date in both, and blanks at the ends are lost.
const SPECIAL = /[%,;[\]\p{C}\p{Z}]/gu;

/** A value that both programs read as one text: their special characters are percent-encoded. */
function tagValue(text: string): string {
  return text.replace(SPECIAL, (character) => encodeURIComponent(character));
}

/** hledger's account types: Asset, Cash, Liability, Equity, Revenue, eXpense. Ledger ignores them. */
function typeOf(account: string): string {
  return TYPES.get(account) ?? 'L';
}

const TYPES: ReadonlyMap<string, string> = new Map([
  ['platform:ad-receivable', 'A'],
  ['platform:cash', 'C'],
  ['platform:funding', 'E'],
  ['platform:ad-revenue', 'R'],
  ['platform:rewards-expense', 'X'],
  ['platform:write-off', 'X'],
  ['platform:recovered', 'X'],
]);
