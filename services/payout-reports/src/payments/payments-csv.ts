import { csvLines, withoutFormula } from '@rewardbook/contracts/files/csv-lines';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import type { ReportContext } from '../service/report-context.ts';
import { type PaymentRun, paymentId, paymentsOf } from './payment-run.ts';

const COLUMNS = [
  'payment_id',
  'creator_id',
  'payee',
  'account',
  'country',
  'currency',
  'amount',
  'gross',
  'withheld',
  'reference',
] as const;

// As a formula it is only a number, which does no harm; as an account it must stay unchanged.
const PHONE = /^\+\d+$/;

/**
 * Payments as CSV in no bank's own format, piece by piece: a header, then a line for each payment. Formulas are
 * escaped.
 */
export async function* paymentsCsv(context: ReportContext, run: PaymentRun): AsyncGenerator<string, void, undefined> {
  const { currency } = context.program;
  const money = (text: string): string => formatAmount(parseAmount(text, currency), currency);
  yield csvLines([COLUMNS]);
  for await (const rows of paymentsOf(context, run)) {
    const lines = rows.map((row) => [
      paymentId(run, row),
      row.creatorId,
      row.payee,
      row.account,
      row.taxCountry,
      currency.code,
      money(row.net),
      money(row.gross),
      money(row.withheld),
      `${context.program.slug} ${paymentId(run, row)}`,
    ]);
    yield csvLines(lines, (text) => (PHONE.test(text) ? text : withoutFormula(text)));
  }
}
