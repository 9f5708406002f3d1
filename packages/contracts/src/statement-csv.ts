import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { MoneyError } from '@rewardbook/money/error';
import { CsvError } from 'csv-parse';
import { csvRecords } from './csv-records.ts';
import { describeIdentifierFault, identifierFault } from './identifier.ts';
import { type Issue, MAX_ISSUES, type Parsed } from './issue.ts';
import { dateSchema } from './period.ts';

/** Columns of a statement, in any order; all are needed. Others may be there and are not read. */
export const STATEMENT_COLUMNS = ['reference', 'amount', 'date', 'currency'] as const;

type Column = (typeof STATEMENT_COLUMNS)[number];

/** A line of a statement: `amount` in major units with all of its currency's digits. */
export interface StatementLine {
  readonly line: number;
  readonly reference: string;
  readonly amount: string;
  readonly currency: string;
  /** `YYYY-MM-DD` */
  readonly date: string;
}

/** Most lines of one statement. */
export const MAX_STATEMENT_LINES = 200_000;

/**
 * Reads a statement of a bank or an ad platform: CSV in UTF-8 with a header. Banks add columns of their own, so others are left
 * alone. Issues name the line on which the record starts and the column.
 */
export async function parseStatementCsv(
  input: string | AsyncIterable<Uint8Array | string>,
): Promise<Parsed<StatementLine[]>> {
  const lines: StatementLine[] = [];
  const issues: Issue[] = [];
  let header: Header | undefined;
  try {
    for await (const { fields, line } of csvRecords(input)) {
      if (header === undefined) {
        const found = readHeader(fields, line);
        if (!found.ok) return found;
        header = found.value;
        continue;
      }
      if (issues.length >= MAX_ISSUES) break;
      if (lines.length === MAX_STATEMENT_LINES) {
        issues.push({
          path: '',
          line,
          message: `a statement has at most ${MAX_STATEMENT_LINES} lines; send it in parts`,
        });
        break;
      }
      const found = readLine(fields, header, line);
      if (found.ok) lines.push(found.value);
      else issues.push(...found.issues);
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    issues.push({
      path: '',
      message: error.message,
      ...(typeof error.lines === 'number' ? { line: error.lines } : {}),
    });
  }
  if (header === undefined && issues.length === 0) {
    issues.push({ path: '', message: 'the file is empty; it needs a header', line: 1 });
  }
  return issues.length === 0 ? { ok: true, value: lines } : { ok: false, issues };
}

interface Header {
  readonly width: number;
  /** Where each column is, from 0. */
  readonly places: Readonly<Record<Column, number>>;
}

function readHeader(fields: readonly string[], line: number): Parsed<Header> {
  const issues: Issue[] = [];
  const place = (column: Column): number => {
    const index = fields.indexOf(column);
    if (index === -1) issues.push({ path: '', line, message: `the column ${column} is missing` });
    const again = fields.indexOf(column, index + 1);
    if (index !== -1 && again !== -1) {
      issues.push({ path: '', line, column: again + 1, message: `the column ${column} is there twice` });
    }
    return index;
  };
  const places = {
    reference: place('reference'),
    amount: place('amount'),
    date: place('date'),
    currency: place('currency'),
  };
  return issues.length === 0 ? { ok: true, value: { width: fields.length, places } } : { ok: false, issues };
}

function readLine(fields: readonly string[], { width, places }: Header, line: number): Parsed<StatementLine> {
  if (fields.length !== width) {
    return { ok: false, issues: [{ path: '', line, message: `${fields.length} cells where the header has ${width}` }] };
  }
  const issues: Issue[] = [];
  const fault = (column: Column, message: string): void => {
    issues.push({ path: column, line, column: places[column] + 1, message });
  };
  const cell = (column: Column): string => fields[places[column]] ?? '';
  const [reference, currency, date] = [cell('reference'), cell('currency'), cell('date')];
  const wrong = identifierFault(reference);
  if (wrong !== undefined) fault('reference', describeIdentifierFault(wrong, 'reference'));
  const dated = dateSchema.safeParse(date);
  if (!dated.success) fault('date', dated.error.issues[0]?.message ?? 'is not a date');
  const amount = readAmount(cell('amount'), currency, fault);
  if (issues.length > 0 || amount === undefined) return { ok: false, issues };
  return { ok: true, value: { line, reference, amount, currency, date } };
}

function readAmount(text: string, code: string, fault: (column: Column, message: string) => void): string | undefined {
  let column: Column = 'currency';
  try {
    const currency = currencyOf(code);
    column = 'amount';
    return formatAmount(parseAmount(text, currency), currency);
  } catch (error) {
    if (!(error instanceof MoneyError)) throw error;
    fault(column, error.message);
    return undefined;
  }
}
