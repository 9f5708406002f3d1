import type { StatementRow } from '@rewardbook/contracts/api/reports';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { AppError } from '@rewardbook/runtime/http/errors';
import { creatorIsKnown } from '../../service/creators-sql.ts';
import { readMovements, type StatementMovement } from '../../service/postings-sql.ts';
import { datesOf, earlierDate, type ReportContext } from '../../service/report-context.ts';
import { estimates } from './estimates.ts';

/** Whose, and when: current estimates are left out if a point in time is given. */
export interface StatementFilter {
  readonly creatorId: string;
  readonly period: string | undefined;
  /** The context ends at this posting time. */
  readonly asOf: string | undefined;
  readonly effective: string | undefined;
}

/**
 * A creator's statement: opening balance, every movement on the creator's accounts by effective date, closing balance; then,
 * apart from these, what the open periods may bring.
 */
export async function statement(
  context: ReportContext,
  filter: StatementFilter,
): Promise<AsyncIterable<StatementRow[]>> {
  const { sql, program } = context;
  if (filter.period !== undefined) {
    datesOf(program, filter.period);
  }
  if (!(await creatorIsKnown(sql, program.programId, filter.creatorId))) {
    throw new AppError('creator-unknown', `Nothing is known of a creator ${filter.creatorId} in ${program.slug}`);
  }
  return lines(context, filter);
}

async function* lines(
  context: ReportContext,
  { creatorId, period, asOf, effective }: StatementFilter,
): AsyncGenerator<StatementRow[], void, undefined> {
  const { source, program } = context;
  const dates = period === undefined ? undefined : datesOf(program, period);
  const to = earlierDate(dates?.to, effective);
  let balance = 0n;
  let opened = false;
  for await (const batch of readMovements(source, program, creatorId, to)) {
    const rows: StatementRow[] = [];
    for (const row of batch) {
      // In the books the creator's credit is negative; on the statement it is what is owed to the creator.
      const amount = -parseAmount(row.amount, program.currency);
      if (dates !== undefined && row.effectiveAt < dates.from) {
        balance += amount;
        continue;
      }
      if (!opened) {
        rows.push(balanceLine(context, 'opening', dates?.from ?? null, balance));
      }
      opened = true;
      balance += amount;
      rows.push(movementLine(context, row, amount, balance));
    }
    if (rows.length > 0) {
      yield rows;
    }
  }
  if (!opened) {
    yield [balanceLine(context, 'opening', dates?.from ?? null, balance)];
  }
  yield [balanceLine(context, 'closing', to ?? null, balance)];
  if (asOf === undefined && effective === undefined) {
    yield await estimates(context, creatorId, period);
  }
}

function balanceLine(
  { program: { currency } }: ReportContext,
  line: 'opening' | 'closing',
  date: string | null,
  balance: bigint,
): StatementRow {
  return {
    line,
    effective_at: date,
    posted_at: null,
    seq: null,
    entry_key: null,
    reason: line === 'opening' ? 'opening balance' : 'closing balance',
    account: null,
    amount: null,
    balance: formatAmount(balance, currency),
    currency: currency.code,
  };
}

function movementLine(
  { program: { currency } }: ReportContext,
  row: StatementMovement,
  amount: bigint,
  balance: bigint,
): StatementRow {
  return {
    line: 'movement',
    effective_at: row.effectiveAt,
    posted_at: row.postedAt.toISOString(),
    seq: row.seq,
    entry_key: row.entryKey,
    reason: reasonOf(row),
    account: row.account,
    amount: formatAmount(amount, currency),
    balance: formatAmount(balance, currency),
    currency: currency.code,
  };
}

function reasonOf({ kind, details }: StatementMovement): string {
  const facts = new Map<string, unknown>(Object.entries(JSON.parse(details)));
  const period = facts.get('period');
  if (kind === 'close') {
    return typeof period === 'string' ? `earned in ${period}` : 'earned';
  }
  const reason = facts.get('reason');
  return typeof reason === 'string' ? `${kind}: ${reason}` : kind;
}
