import { requirePolicy } from '@rewardbook/db/books/policies';
import { listDecisions, type PayoutRun, type RunDecision, requireRun } from '@rewardbook/db/books/runs';
import { payoutId } from '@rewardbook/domain/payouts/payout-run';
import type { RunStatus } from '@rewardbook/domain/payouts/payout-status';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { type PdfWriter, ROWS_AT_ONCE, writePdf } from '../../formats/pdf/write-pdf.ts';
import type { ReportContext } from '../../service/report-context.ts';
import {
  listRunTaxes,
  listWaiting,
  type RegisterRow,
  type RunReturns,
  type RunTaxRow,
  readRegister,
  sumReturns,
  type WaitingRow,
} from './sql.ts';

/** Most payouts that are listed one by one: some fifty pages. The rest is in the report `payouts` of the run. */
export const MAX_LISTED = 2000;
const MAX_RETURNS = 200;

interface Facts {
  readonly run: PayoutRun;
  readonly programName: string;
  readonly returns: RunReturns;
  readonly decisions: readonly RunDecision[];
  readonly taxes: readonly RunTaxRow[];
  readonly waiting: readonly WaitingRow[];
}

/**
 * The summary of a payout run for the records of those who signed it, as a PDF, piece by piece. Throws BooksRefused
 * `run-unknown`.
 */
export async function runSummaryPdf(
  context: ReportContext,
  runId: string,
): Promise<AsyncGenerator<Uint8Array, void, undefined>> {
  const { sql, program } = context;
  const run = await requireRun(sql, program.programId, runId);
  const { policy } = await requirePolicy(sql, program.programId, run.policyVersion);
  const returns = await sumReturns(sql, program, run.runNumber);
  const decisions = await listDecisions(sql, program.programId, run.runNumber, MAX_RETURNS);
  const last = decisions.at(-1);
  if (last === undefined) {
    throw new Error(`run ${runId} has no decision`);
  }
  const taxes = await listRunTaxes(sql, program, run.runNumber);
  const waiting = await listWaiting(sql, program, run.runNumber);
  const head = {
    title: `Payout run ${run.runId} of ${program.slug}`,
    subject: `Summary of a payout run, content hash ${run.contentHash}`,
    createdAt: last.at,
    foot: `${program.slug} · payout run ${run.runId} · ${run.status} · content hash ${run.contentHash}`,
  };
  return writePdf(head, (writer) =>
    contents(context, writer, { run, programName: policy.name, returns, decisions, taxes, waiting }),
  );
}

async function* contents(
  context: ReportContext,
  writer: PdfWriter,
  facts: Facts,
): AsyncGenerator<void, void, undefined> {
  const { run, programName, returns } = facts;
  const { slug, currency } = context.program;
  writer.heading(`Payout run ${run.runId}`);
  writer.paragraph(STATES[run.status]);
  writer.facts([
    ['Program', [programName, ` (${slug})`]],
    ['Closed up to', `${run.period}, policy version ${run.policyVersion}`],
    ['Currency', currency.code],
    ['Content hash', run.contentHash],
    ['Entry', run.entryKey === null ? 'none: nothing is posted' : `${run.entryKey}, no. ${run.entrySeq}`],
    ...(run.entryHash === null ? [] : [['Entry hash', run.entryHash] as const]),
    ...(run.settlementKey === null ? [] : [['Settlement', run.settlementKey] as const]),
  ]);
  totals(context, writer, run, returns);
  signOff(writer, facts);
  taxes(context, writer, facts.taxes);
  waiting(context, writer, facts.waiting);
  yield;
  yield* register(context, writer, run);
}

const STATES: Readonly<Record<RunStatus, string>> = {
  draft: 'DRAFT. Not approved: nothing is posted and nothing is to be paid.',
  approved: 'Approved and posted. Not handed to the bank yet.',
  exported: 'Approved, posted and handed to the bank. Not settled yet.',
  settled: 'Approved, posted and settled.',
  discarded: 'DISCARDED. Nothing was posted and nothing is to be paid.',
};

function moneyOf({ program: { currency } }: ReportContext): (text: string) => string {
  return (text) => formatAmount(parseAmount(text, currency), currency);
}

function totals(context: ReportContext, writer: PdfWriter, run: PayoutRun, returns: RunReturns): void {
  const money = moneyOf(context);
  const { currency } = context.program;
  const less = (all: string, part: string): string =>
    formatAmount(parseAmount(all, currency) - parseAmount(part, currency), currency);
  writer.heading('Totals');
  const table = writer.table([
    { title: 'What', width: 34 },
    { title: 'Payouts', width: 10, isAmount: true },
    { title: `Gross, ${currency.code}`, width: 19, isAmount: true },
    { title: 'Withheld', width: 18, isAmount: true },
    { title: 'Net', width: 19, isAmount: true },
  ]);
  const bold = (text: string) => ({ text, isBold: true });
  table.row(['Due in the run', String(run.payoutCount), money(run.gross), money(run.withheld), money(run.net)]);
  if (run.returnedCount > 0) {
    table.row([
      'Came back',
      String(run.returnedCount),
      money(returns.gross),
      money(returns.withheld),
      money(returns.net),
    ]);
    table.row(
      [
        'Stays paid',
        String(run.payoutCount - run.returnedCount),
        less(run.gross, returns.gross),
        less(run.withheld, returns.withheld),
        less(run.net, returns.net),
      ].map(bold),
    );
  }
  const bank = run.settled === null ? less(run.net, returns.beforeSettling) : money(run.settled);
  if (run.entryKey !== null) {
    table.row([run.settled === null ? 'For the bank' : 'Settled by the bank', '', '', '', bank].map(bold));
  }
  table.end();
}

const DECISIONS: ReadonlyMap<string, string> = new Map([
  ['draft', 'Drafted'],
  ['approve', 'Approved'],
  ['discard', 'Discarded'],
  ['export', 'Handed to the bank'],
  ['settle', 'Settled'],
  ['return', 'Payout came back'],
]);

function signOff(writer: PdfWriter, { run, decisions }: Facts): void {
  writer.heading('Signed off');
  const table = writer.table([
    { title: 'Decision', width: 20 },
    { title: 'By', width: 22 },
    { title: 'When (UTC)', width: 22 },
    { title: 'Note', width: 36 },
  ]);
  for (const { decision, actor, at, contentHash, note } of decisions) {
    const other = contentHash === run.contentHash ? undefined : `of another content, ${contentHash}`;
    const notes = [
      ...(note === null ? [] : [note]),
      ...(note === null || other === undefined ? [] : ['; ']),
      other ?? '',
    ];
    table.row([DECISIONS.get(decision) ?? decision, actor, at.toISOString().replace('T', ' ').replace('Z', ''), notes]);
  }
  table.end();
  const left = run.returnedCount - decisions.filter(({ decision }) => decision === 'return').length;
  if (left > 0) {
    writer.paragraph(`${left} earlier returns are not listed.`);
  }
}

function taxes(context: ReportContext, writer: PdfWriter, rows: readonly RunTaxRow[]): void {
  if (rows.length === 0) {
    return;
  }
  const money = moneyOf(context);
  writer.heading('Withheld, by tax country');
  const table = writer.table([
    { title: 'Country', width: 20 },
    { title: 'Payouts', width: 20, isAmount: true },
    { title: 'Gross', width: 20, isAmount: true },
    { title: 'Withheld', width: 20, isAmount: true },
    { title: 'Given back', width: 20, isAmount: true },
  ]);
  for (const { country, payoutCount, gross, withheld, back } of rows) {
    table.row([country, String(payoutCount), money(gross), money(withheld), money(back)]);
  }
  table.end();
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['below-minimum', 'below the minimum, or what it is rounded to'],
  ['incomplete', 'payee or tax country missing'],
  ['not-above-zero', 'nothing is owed, or they owe'],
  ['on-hold', 'on hold'],
]);

function waiting(context: ReportContext, writer: PdfWriter, rows: readonly WaitingRow[]): void {
  if (rows.length === 0) {
    return;
  }
  const money = moneyOf(context);
  writer.heading('Waiting');
  const table = writer.table([
    { title: 'Why', width: 60 },
    { title: 'Creators', width: 20, isAmount: true },
    { title: 'Balance', width: 20, isAmount: true },
  ]);
  for (const { reason, creators, available } of rows) {
    const text = REASONS.get(reason);
    table.row([text === undefined ? reason : `${reason}: ${text}`, String(creators), money(available)]);
  }
  table.end();
}

async function* register(
  context: ReportContext,
  writer: PdfWriter,
  run: PayoutRun,
): AsyncGenerator<void, void, undefined> {
  writer.heading('Payouts');
  if (run.payoutCount > MAX_LISTED) {
    writer.paragraph(
      `${run.payoutCount} payouts are too many to be listed here; the report payouts of run ${run.runId} has them all. ` +
        'The content hash covers each of them.',
    );
    return;
  }
  const money = moneyOf(context);
  const table = writer.table([
    { title: 'Payout', width: 15 },
    { title: 'Payee, account, creator', width: 34 },
    { title: 'Country', width: 8 },
    { title: 'Gross', width: 14, isAmount: true },
    { title: 'Withheld', width: 13, isAmount: true },
    { title: 'Net', width: 14, isAmount: true },
  ]);
  for await (const rows of readRegister(context.source, context.program, run.runNumber)) {
    for (const [index, row] of rows.entries()) {
      if (index % ROWS_AT_ONCE === 0) {
        yield;
      }
      const id = { text: payoutId(run.runId, row.payoutNumber), ...(row.isReturned ? { note: 'came back' } : {}) };
      table.row([id, payeeCell(row), row.country, money(row.gross), money(row.withheld), money(row.net)]);
    }
  }
  table.end();
}

function payeeCell({ payee, account, creatorId }: RegisterRow) {
  return { text: payee, note: [...(account === null ? [] : [account, ' · ']), 'creator ', creatorId] };
}
