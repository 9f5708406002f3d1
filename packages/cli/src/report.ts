import type { ReportName, ReportOptions } from './commands/report.ts';
import { findSystem } from './connection.ts';
import { wrongInput } from './failure.ts';
import { Client, path, queryOf } from './http.ts';
import type { Io } from './io.ts';
import { writeTo } from './output.ts';

/** Streams a report to stdout or a file, as the service writes it. */
export async function printReport(report: ReportName, options: ReportOptions, io: Io): Promise<void> {
  const { program, period, creator, asOf, effective, data, output } = options;
  const format = options.json ? 'json' : (options.format ?? 'csv');
  if (report === 'statement' && creator === undefined)
    throw wrongInput('A statement is of one creator: give --creator');
  if (format === 'hledger' && (report !== 'journal' || creator !== undefined))
    throw wrongInput('Only the whole journal, or that of a period, comes in the format hledger');
  const client = new Client(await findSystem(data, io), io.signal);
  const body = await client.stream({
    service: 'reports',
    scope: 'read',
    path: path`/v1/programs/${program}/reports/${report}` + queryOf({ period, creator, format, asOf, effective }),
    accept: format === 'json' ? 'application/json' : '*/*',
  });
  await writeTo(output, io, async (write) => {
    let endsLine = false;
    for await (const chunk of body) {
      await write(chunk);
      endsLine = chunk.at(-1) === 0x0a;
    }
    if (!endsLine && format !== 'xlsx') await write('\n');
  });
  client.close();
}
