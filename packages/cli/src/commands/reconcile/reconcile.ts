import {
  type DifferenceOut,
  differenceOutSchema,
  type ReconciliationOut,
  reconciliationOutSchema,
  statementImportedSchema,
} from '@rewardbook/contracts/api/reconciliation';
import { visible } from '@rewardbook/contracts/values/visible';
import { type Call, type Client, path, queryOf } from '../../client/client.ts';
import { connectToSystem } from '../../client/connect.ts';
import { eachItem } from '../../client/pages.ts';
import { openInput } from '../../files/input.ts';
import { printJson, printLine } from '../../files/output.ts';
import { mismatchError } from '../../terminal/failure.ts';
import { type Io, write } from '../../terminal/io.ts';
import { grouped, groupedCount, renderFacts, renderTable } from '../../terminal/table.ts';
import type {
  ImportStatementOptions,
  MarkReconciledOptions,
  ReconcileOptions,
  ResolveDifferenceOptions,
  ShowReconciliationOptions,
} from './command.ts';

const placeOf = ({ program, period }: ReconcileOptions): string =>
  path`/v1/programs/${program}/reconciliations/${period}`;

/** Imports a statement and prints the state of the period with it. */
export async function importStatement(file: string, options: ImportStatementOptions, io: Io): Promise<void> {
  const { kind, source, reverseSigns, json } = options;
  const input = await openInput(file, io);
  const client = await connectToSystem(options.data, io);
  const imported = await client.json(
    {
      service: 'ledger',
      scope: 'operate',
      method: 'POST',
      path: `${placeOf(options)}/statements${queryOf({ kind, source, reverseSigns: reverseSigns ? 'true' : undefined })}`,
      body: input.chunks(),
      contentType: 'text/csv',
    },
    statementImportedSchema,
  );
  const state = await readState(client, options);
  client.close();
  if (json) {
    return printJson(io, { statement: imported, reconciliation: state });
  }
  const outcome = imported.repeated ? 'was imported before, nothing has changed' : 'imported';
  const replaced = imported.current ? '' : '; a newer file of this source counts instead';
  await printLine(io, `${input.name}: ${groupedCount(imported.lines)} lines of ${imported.kind} ${outcome}${replaced}`);
  await printLine(io, standing(state));
}

/** Shows the state of a period and its differences. */
export async function showReconciliation(options: ShowReconciliationOptions, io: Io): Promise<void> {
  const client = await connectToSystem(options.data, io);
  const state = await readState(client, options);
  const differences: DifferenceOut[] = [];
  const call = { service: 'ledger', scope: 'read', path: `${placeOf(options)}/differences` } as const;
  const open = options.json || options.all ? undefined : 'true';
  for await (const item of eachItem(client, call, differenceOutSchema, { open })) {
    differences.push(item);
  }
  client.close();
  if (options.json) {
    return printJson(io, { ...state, differences });
  }
  await write(io.stdout, renderFacts(factsOf(state)));
  if (differences.length > 0) {
    await write(io.stdout, `\n${renderDifferences(differences)}`);
  }
}

/** Explains a difference. */
export async function resolveDifference(options: ResolveDifferenceOptions, io: Io): Promise<void> {
  const { kind, reference, difference, reason, json } = options;
  const body = { kind, reference, reason, ...(difference === undefined ? {} : { difference }) };
  const state = await post(options, io, { scope: 'operate', path: `${placeOf(options)}/explanations` }, body);
  if (json) {
    return printJson(io, state);
  }
  await printLine(io, `${kind} ${visible(reference)} is explained. ${standing(state)}`);
}

/** Marks a period reconciled. @throws CliFailure 1 while differences are open */
export async function markReconciled(options: MarkReconciledOptions, io: Io): Promise<void> {
  const client = await connectToSystem(options.data, io);
  const before = await readState(client, options);
  client.close();
  if (before.open > 0) {
    throw mismatchError(`${standing(before)}; "rewardbook reconcile show" lists them`);
  }
  const body = { hash: options.hash ?? before.hash, ...(options.note === undefined ? {} : { note: options.note }) };
  const state = await post(options, io, { scope: 'approve', path: `${placeOf(options)}/mark` }, body);
  if (options.json) {
    return printJson(io, state);
  }
  await printLine(io, standing(state));
}

function readState(client: Client, options: ReconcileOptions): Promise<ReconciliationOut> {
  return client.json({ service: 'ledger', scope: 'read', path: placeOf(options) }, reconciliationOutSchema);
}

async function post(
  { data }: ReconcileOptions,
  io: Io,
  call: Pick<Call, 'scope' | 'path'>,
  body: object,
): Promise<ReconciliationOut> {
  const client = await connectToSystem(data, io);
  const state = await client.json(
    { service: 'ledger', method: 'POST', body: JSON.stringify(body), contentType: 'application/json', ...call },
    reconciliationOutSchema,
  );
  client.close();
  return state;
}

function standing({ program, period, status, open, marked }: ReconciliationOut): string {
  const place = `${program} ${period}`;
  switch (status) {
    case 'no-statement':
      return `${place}: no statement is imported`;
    case 'open':
      return `${place}: ${groupedCount(open)} ${open === 1 ? 'difference is' : 'differences are'} open`;
    case 'resolved':
      return `${place}: nothing is open; it can be marked`;
    case 'reconciled':
      return `${place}: reconciled by ${marked?.by} at ${marked?.at}`;
  }
}

function factsOf(state: ReconciliationOut): [string, string][] {
  const { matched, open, explained, statements, hash, marked } = state;
  return [
    ['status', standing(state)],
    ['matched', groupedCount(matched)],
    ['open', groupedCount(open)],
    ['explained', groupedCount(explained)],
    ...statements.map(({ kind, source, lines, fileSha256, importedBy, importedAt }): [string, string] => [
      'statement',
      `${kind} (${source}): ${groupedCount(lines)} lines, ${fileSha256.slice(0, 12)}, by ${importedBy} at ${importedAt}`,
    ]),
    ['hash', hash],
    [
      'marked',
      marked === null
        ? 'never'
        : `by ${marked.by} at ${marked.at}${marked.hash === hash ? '' : '; it has changed since'}`,
    ],
  ];
}

function renderDifferences(differences: readonly DifferenceOut[]): string {
  const rows = differences.map(
    ({ kind, reference, difference, statement, statementLines, bookAmount, explanation }) => [
      kind,
      reference,
      difference,
      statedAmount(statement, statementLines),
      bookAmount === null ? '-' : grouped(bookAmount),
      explanation === null ? 'open' : `${explanation.note} (${explanation.by})`,
    ],
  );
  return renderTable(
    [
      { title: 'kind' },
      { title: 'reference' },
      { title: 'difference' },
      { title: 'statement', align: 'right' },
      { title: 'books', align: 'right' },
      { title: 'explanation' },
    ],
    rows,
  );
}

function statedAmount(lines: DifferenceOut['statement'], count: number): string {
  const [first] = lines;
  if (first === undefined) {
    return '-';
  }
  return count === 1 ? `${first.currency} ${grouped(first.amount)}` : `${groupedCount(count)} lines`;
}
