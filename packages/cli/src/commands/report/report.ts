import { formatFault } from '@rewardbook/contracts/api/reports';
import { path, queryOf } from '../../client/client.ts';
import { connectToSystem } from '../../client/connect.ts';
import { isStdout, writeTo } from '../../files/output.ts';
import { inputError } from '../../terminal/failure.ts';
import type { Io } from '../../terminal/io.ts';
import type { ReportOptions } from './command.ts';
import { filtersOf, type PrintedReport, type ReportFormat } from './report-names.ts';

/** Formats that are not text. */
const BINARY: ReadonlySet<ReportFormat> = new Set(['xlsx', 'pdf']);

/** Which reports an option is for. */
const REPORTS_WITH = {
  period: ['payouts', 'allocations', 'journal', 'statement', 'trial-balance', 'summary', 'commissions'],
  run: ['payouts', 'payout-run'],
  creator: ['payouts', 'journal', 'statement', 'commissions'],
  asOf: ['journal', 'statement', 'trial-balance'],
  effective: ['statement', 'trial-balance'],
} as const satisfies Record<string, readonly PrintedReport[]>;

/** Streams a report to stdout or a file, as the service writes it. */
export async function printReport(report: PrintedReport, options: ReportOptions, io: Io): Promise<void> {
  const { program, period, run, creator, asOf, effective, data, output } = options;
  const format = options.json ? 'json' : (options.format ?? (report === 'payout-run' ? 'pdf' : 'csv'));
  checkOptions(report, options, format);
  const filter = readFilter(report, options.filter ?? []);
  const isBinary = BINARY.has(format);
  if (isBinary && isStdout(output) && io.stdout.isTTY === true) {
    throw inputError(`${format} is not for a terminal: give -o FILE`);
  }
  const client = await connectToSystem(data, io);
  const body = await client.stream({
    service: 'reports',
    scope: report === 'payout-run' ? 'payments' : 'read', // its register has accounts
    path:
      path`/v1/programs/${program}/reports/${report}` +
      queryOf({ ...filter, period, run, creator, format, asOf, effective }),
    accept: format === 'json' ? 'application/json' : '*/*',
  });
  await writeTo(output, io, async (write) => {
    let endsLine = false;
    for await (const chunk of body) {
      await write(chunk);
      endsLine = chunk.at(-1) === 0x0a;
    }
    if (!endsLine && !isBinary) {
      await write('\n');
    }
  });
  client.close();
}

/** Filters by name. What a value may be is for the service to say. */
function readFilter(report: PrintedReport, given: readonly string[]): Readonly<Record<string, string>> {
  const names = filtersOf(report);
  const filter = new Map<string, string>();
  for (const text of given) {
    const at = text.indexOf('=');
    const name = text.slice(0, Math.max(at, 0));
    if (!names.includes(name)) {
      const known = names.length === 0 ? 'it has none' : `it has ${names.join(', ')}, each with =value`;
      throw inputError(`${report} has no filter ${JSON.stringify(text)}; ${known}`);
    }
    if (filter.has(name)) {
      throw inputError(`The filter ${name} is given twice`);
    }
    filter.set(name, text.slice(at + 1));
  }
  return Object.fromEntries(filter);
}

/** Refuses options that do not fit, before a system is looked for. */
function checkOptions(report: PrintedReport, options: ReportOptions, format: ReportFormat): void {
  const fault = formatFault(report, format);
  if (fault !== undefined) {
    throw inputError(fault);
  }
  for (const name of ['period', 'run', 'creator', 'asOf', 'effective'] as const) {
    const reports: readonly PrintedReport[] = REPORTS_WITH[name];
    if (options[name] !== undefined && !reports.includes(report)) {
      throw inputError(`${report} has no --${name === 'asOf' ? 'as-of' : name}; it is for ${reports.join(', ')}`);
    }
  }
  if (report === 'statement' && options.creator === undefined) {
    throw inputError('A statement is of one creator: give --creator');
  }
  if (report === 'allocations' && options.period === undefined) {
    throw inputError('Allocations are of one closed period: give --period');
  }
  if (report === 'payout-run' && options.run === undefined) {
    throw inputError('A summary is of one payout run: give --run');
  }
  if (format === 'hledger' && options.creator !== undefined) {
    throw inputError('The plain-text journal has whole entries: it cannot be of one creator');
  }
}
