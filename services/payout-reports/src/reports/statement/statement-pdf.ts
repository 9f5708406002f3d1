import type { StatementRow } from '@rewardbook/contracts/api/reports';
import { findEntryAt } from '@rewardbook/db/books/entries';
import { newestPolicy } from '@rewardbook/db/books/policies';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { Text } from '../../formats/pdf/paragraph.ts';
import { type PdfWriter, ROWS_AT_ONCE, writePdf } from '../../formats/pdf/write-pdf.ts';
import { findNames } from '../../service/creators-sql.ts';
import type { ReportContext } from '../../service/report-context.ts';
import { type StatementFilter, statement } from './statement.ts';

/** Most movements of a document, some 400 pages: the tags of its cells are kept until its end. */
export const MAX_MOVEMENTS = 10_000;

/**
 * A creator's statement as a PDF, piece by piece. It is dated by the point in time that was asked for, else by the books' last entry.
 * Throws as `statement` does, and AppError `too-large` where there are more movements than fit.
 */
export async function statementPdf(
  context: ReportContext,
  filter: StatementFilter,
  { showsPayee }: { readonly showsPayee: boolean },
): Promise<AsyncGenerator<Uint8Array, void, undefined>> {
  const { sql, program } = context;
  const check = await statement(context, filter); // what it refuses, it refuses before the first byte
  const { policy } = await newestPolicy(sql, program.programId);
  const names = await findNames(sql, program, filter.creatorId);
  const entry = await findEntryAt(sql, program.programId, program.headSeq);
  const books =
    entry === undefined
      ? 'no entry yet'
      : `up to entry no. ${program.headSeq}, posted ${entry.postedAt}, hash ${entry.hash}`;
  // The registry cannot be read as of a past time: names are shown only if the statement is of now.
  const isNow = filter.asOf === undefined;
  const known = (name: string, value: string | null | undefined) =>
    isNow && value !== null && value !== undefined ? [[name, value] as const] : [];
  const facts = [
    ['Creator', filter.creatorId] as const,
    ...known('Handle', names?.handle),
    ...known('Payee', showsPayee ? names?.payee : null),
    ['Program', [policy.name, ` (${program.slug})`]] as const,
    ['Period', filter.period ?? 'from the beginning'] as const,
    ...(filter.asOf === undefined ? [] : [['As posted until', filter.asOf] as const]),
    ...(filter.effective === undefined ? [] : [['Effective until', filter.effective] as const]),
    ['Currency', program.currency.code] as const,
    ['Books', books] as const,
  ];
  const head = {
    title: `Statement of ${filter.creatorId}, ${program.slug}`,
    subject: `Statement of account, books ${books}`,
    createdAt: filter.asOf === undefined ? new Date(entry?.postedAt ?? 0) : new Date(filter.asOf),
    foot: [`${program.slug} · statement of `, filter.creatorId, ` · books up to entry no. ${program.headSeq}`],
  };
  // Estimates change with every event: they are read once, so that both passes over the statement say the same.
  const estimated: StatementRow[] = [];
  let movements = 0;
  for await (const rows of check) {
    estimated.push(...rows.filter(({ line }) => line === 'estimate'));
    movements += rows.filter(({ line }) => line === 'movement').length;
    if (movements > MAX_MOVEMENTS) {
      throw new AppError(
        'too-large',
        `More than ${MAX_MOVEMENTS} movements do not fit a PDF: ask for a period, or for CSV or XLSX`,
      );
    }
  }
  return writePdf(head, (writer) => contents(context, filter, writer, { facts, estimated }));
}

async function* contents(
  context: ReportContext,
  filter: StatementFilter,
  writer: PdfWriter,
  { facts, estimated }: { facts: readonly (readonly [string, Text])[]; estimated: readonly StatementRow[] },
): AsyncGenerator<void, void, undefined> {
  writer.heading('Statement of account');
  writer.facts(facts);
  writer.heading('Movements');
  writer.paragraph('Amounts in the creator’s favour are positive; the balance is what is owed, held amounts included.');
  const table = writer.table([
    { title: 'Effective', width: 12 },
    { title: 'Movement, entry', width: 42 },
    { title: 'Account', width: 10 },
    { title: 'Amount', width: 18, isAmount: true },
    { title: 'Balance', width: 18, isAmount: true },
  ]);
  for await (const rows of await statement(context, filter)) {
    for (const [index, row] of rows.entries()) {
      if (index % ROWS_AT_ONCE === 0) {
        yield;
      }
      if (row.line === 'estimate') {
        continue;
      }
      const isBalance = row.line !== 'movement';
      const entry =
        row.entry_key === null ? {} : { note: [row.entry_key, ` · no. ${row.seq} · posted ${row.posted_at}`] };
      table.row([
        row.effective_at ?? '',
        { text: row.reason ?? '', ...entry, isBold: isBalance },
        row.account === null ? '' : (row.account.split(':').at(-1) ?? ''),
        row.amount ?? '',
        { text: row.balance ?? '', isBold: isBalance },
      ]);
    }
  }
  table.end();
  if (estimated.length === 0) {
    return;
  }
  writer.heading('Not earned yet');
  writer.paragraph(
    'Estimates by the events and the revenue so far, in no balance: a close may give another amount, or none.',
  );
  const estimates = writer.table([
    { title: 'Period', width: 72 },
    { title: 'Estimate', width: 28, isAmount: true },
  ]);
  for (const row of estimated) {
    estimates.row([row.reason ?? '', row.amount ?? 'no revenue yet']);
  }
  estimates.end();
}
