import type {
  DifferenceOut,
  ReconciliationOut,
  StatementLineOut,
  StatementOut,
} from '@rewardbook/contracts/api/reconciliation';
import { differenceSchema } from '@rewardbook/contracts/api/reconciliation';
import type { Program } from '@rewardbook/db/books/program';
import { assertPeriodOf, firstDate, lastDate } from '@rewardbook/domain/values/period';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { Ledger } from '../service/ledger.ts';
import {
  currentStatements,
  type DifferenceKey,
  type ImportRow,
  lastMark,
  linesOf,
  listDifferences,
  type PeriodPlace,
  readState,
  type StateRow,
} from './sql.ts';
import { comparedLines, isCurrentImport } from './statement-lines-sql.ts';

/** The period with its dates. Throws AppError `bad-period` if it is not a period of the program. */
export function placeOf(program: Program, period: string): PeriodPlace {
  assertPeriodOf(program, period);
  return { programId: program.programId, period, firstDate: firstDate(period), lastDate: lastDate(period) };
}

/** The reconciliation status of a period: statements against books. */
export async function readReconciliation(
  { sql }: Ledger,
  program: Program,
  place: PeriodPlace,
): Promise<ReconciliationOut> {
  const [state, statements, mark] = await Promise.all([
    readState(sql, place),
    currentStatements(sql, place),
    lastMark(sql, place),
  ]);
  const { matched, open, explained, hash } = state;
  return {
    program: program.slug,
    period: place.period,
    status: statusOf(state, mark?.hash),
    matched,
    open,
    explained,
    hash,
    statements: statements.map(toStatementOut),
    marked: mark === undefined ? null : { ...mark, at: mark.at.toISOString() },
  };
}

function statusOf({ imports, open, hash }: StateRow, marked: string | undefined): ReconciliationOut['status'] {
  if (imports === 0) {
    return 'no-statement';
  }
  if (open > 0) {
    return 'open';
  }
  return marked === hash ? 'reconciled' : 'resolved';
}

/** Differences from a key on, with the statement's lines and the books' entries. */
export async function readDifferences(
  { sql }: Ledger,
  program: Program,
  place: PeriodPlace,
  page: { openOnly: boolean; after: DifferenceKey; limit: number },
): Promise<DifferenceOut[]> {
  const rows = await listDifferences(sql, place, page);
  const lines = await linesOf(sql, place, [...new Set(rows.map(({ reference }) => reference))]);
  return rows.map(({ difference, bookAmount, note, explainedBy, explainedAt, ...row }) => ({
    ...row,
    difference: differenceSchema.parse(difference),
    bookAmount: bookAmount === null ? null : plain(bookAmount, program.currency.code),
    statement: lines
      .filter(({ kind, reference }) => kind === row.kind && reference === row.reference)
      .map(({ importId, line, date, amount, currency }) => ({
        importId,
        line,
        date,
        amount: plain(amount, currency),
        currency,
      })),
    explanation:
      note === null || explainedBy === null || explainedAt === null
        ? null
        : { note, by: explainedBy, at: explainedAt.toISOString() },
  }));
}

/**
 * Lines of a statement from one on, each with what the books say of its reference.
 *
 * @throws AppError `not-found` where the import is none of those that count for the period
 */
export async function readStatementLines(
  { sql }: Ledger,
  program: Program,
  place: PeriodPlace,
  page: { readonly importId: number; readonly after: number; readonly limit: number },
): Promise<StatementLineOut[]> {
  const [rows, isCurrent] = await Promise.all([
    comparedLines(sql, place, page),
    isCurrentImport(sql, place, page.importId),
  ]);
  if (!isCurrent) {
    throw new AppError('not-found', `Import ${page.importId} is none of the statements that count for ${place.period}`);
  }
  return rows.map(({ amount, bookAmount, differences, ...row }) => ({
    ...row,
    amount: plain(amount, row.currency),
    bookAmount: bookAmount === null ? null : plain(bookAmount, program.currency.code),
    differences: differences.map((difference) => differenceSchema.parse(difference)),
  }));
}

export function toStatementOut(row: ImportRow): StatementOut {
  return { ...row, importedAt: row.importedAt.toISOString() };
}

function plain(amount: string, code: string): string {
  const currency = currencyOf(code);
  return formatAmount(parseAmount(amount, currency), currency);
}
