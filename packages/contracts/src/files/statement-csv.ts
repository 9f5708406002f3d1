import { formatAmount, parseGivenAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { MoneyError } from '@rewardbook/money/error';
import { describeIdentifierFault, identifierFault } from '../values/identifier.ts';
import { type Issue, MAX_ISSUES, type Parsed } from '../values/issue.ts';
import { dateSchema } from '../values/period.ts';
import { isHeaderAgain } from './csv-header.ts';
import { csvIssue, csvRecords } from './csv-records.ts';

/** Columns of a statement, in any order; all are needed. Others may be there and are not read. */
const STATEMENT_COLUMNS = ['reference', 'amount', 'date', 'currency'] as const;

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
export async function parseStatementCsv(input: string | AsyncIterable<Uint8Array>): Promise<Parsed<StatementLine[]>> {
  const lines: StatementLine[] = [];
  const issues: Issue[] = [];
  let header: Header | undefined;
  try {
    for await (const { cells, line } of csvRecords(input)) {
      if (header === undefined) {
        const found = readHeader(cells, line);
        if (!found.ok) {
          return found;
        }
        header = found.value;
        continue;
      }
      if (isHeaderAgain(cells, header)) {
        continue;
      }
      if (issues.length >= MAX_ISSUES) {
        break;
      }
      if (lines.length === MAX_STATEMENT_LINES) {
        issues.push({
          path: '',
          line,
          message: `a statement has at most ${MAX_STATEMENT_LINES} lines; send it in parts`,
        });
        break;
      }
      const found = readLine(cells, header, line);
      if (found.ok) {
        lines.push(found.value);
      } else {
        issues.push(...found.issues);
      }
    }
  } catch (error) {
    issues.push(csvIssue(error));
  }
  if (header === undefined && issues.length === 0) {
    issues.push({ path: '', message: 'the file is empty; it needs a header', line: 1 });
  }
  return issues.length === 0 ? { ok: true, value: lines } : { ok: false, issues };
}

/** The cells of the header: where a column is, is its place here. */
type Header = readonly string[];

function readHeader(fields: readonly string[], line: number): Parsed<Header> {
  const issues: Issue[] = [];
  for (const column of STATEMENT_COLUMNS) {
    const [first, again] = [fields.indexOf(column), fields.lastIndexOf(column)];
    if (first === -1) {
      issues.push({ path: '', line, message: `the column ${column} is missing` });
    } else if (again !== first) {
      issues.push({ path: '', line, column: again + 1, message: `the column ${column} is there twice` });
    }
  }
  return issues.length === 0 ? { ok: true, value: fields } : { ok: false, issues };
}

function readLine(fields: readonly string[], header: Header, line: number): Parsed<StatementLine> {
  if (fields.length !== header.length) {
    return {
      ok: false,
      issues: [{ path: '', line, message: `${fields.length} cells where the header has ${header.length}` }],
    };
  }
  const issues: Issue[] = [];
  const fault = (column: Column, message: string): void => {
    issues.push({ path: column, line, column: header.indexOf(column) + 1, message });
  };
  const cell = (column: Column): string => fields[header.indexOf(column)] ?? '';
  const [reference, currency, date] = [cell('reference'), cell('currency'), cell('date')];
  const wrong = identifierFault(reference);
  if (wrong !== undefined) {
    fault('reference', describeIdentifierFault(wrong, 'reference'));
  }
  const dated = dateSchema.safeParse(date);
  if (!dated.success) {
    fault('date', dated.error.issues[0]?.message ?? 'is not a date');
  }
  const amount = readAmount(cell('amount'), currency, fault);
  if (issues.length > 0 || amount === undefined) {
    return { ok: false, issues };
  }
  return { ok: true, value: { line, reference, amount, currency, date } };
}

function readAmount(text: string, code: string, fault: (column: Column, message: string) => void): string | undefined {
  let column: Column = 'currency';
  try {
    const currency = currencyOf(code);
    column = 'amount';
    return formatAmount(parseGivenAmount(text, currency), currency);
  } catch (error) {
    if (!(error instanceof MoneyError)) {
      throw error;
    }
    fault(column, error.message);
    return undefined;
  }
}
