import { AppError } from '@rewardbook/runtime/http/errors';
import type { ReportContext } from '../service/report-context.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

/** How each format is sent and saved. */
export const FORMATS = {
  json: { contentType: 'application/json; charset=utf-8', extension: 'json' },
  csv: { contentType: 'text/csv; charset=utf-8', extension: 'csv' },
  xlsx: { contentType: XLSX, extension: 'xlsx' },
  pdf: { contentType: 'application/pdf', extension: 'pdf' },
  hledger: { contentType: 'text/plain; charset=utf-8', extension: 'journal' },
} as const;

/** All formats; some reports have more than the tabular ones. */
export type Format = keyof typeof FORMATS;

/** A name to save a report as, as `demo-payouts-2026-10.csv`. */
export function fileName(
  { program }: ReportContext,
  name: string,
  part: string | undefined,
  extension: string,
): string {
  return `${[program.slug, name, ...(part === undefined ? [] : [part])].join('-')}.${extension}`;
}

/** Formats that every report has; the first is sent where the client has no preference. */
const TABULAR = ['json', 'csv', 'xlsx'] as const satisfies readonly Format[];

type Tabular = (typeof TABULAR)[number];

/**
 * The format to answer with: what the query says, else what the client prefers of the types on offer, else JSON.
 *
 * @param preferred the best of these types for the client (RFC 9110, 12.5.1), false where it takes none
 * @throws AppError `not-acceptable`
 */
export function chooseFormat(
  asked: Format | undefined,
  preferred: (types: string[]) => string | string[] | false,
): Tabular {
  const wished = TABULAR.find((format) => format === asked);
  if (wished !== undefined) {
    return wished;
  }
  const type = preferred(TABULAR.map((format) => FORMATS[format].contentType));
  const accepted = TABULAR.find((format) => FORMATS[format].contentType === type);
  if (accepted === undefined) {
    throw new AppError('not-acceptable', 'Reports come as application/json, text/csv or XLSX');
  }
  return accepted;
}
