import { AppError } from '@rewardbook/runtime/http/errors';
import type { ReportContext } from '../service/report-context.ts';

/** Formats that every report has. */
export type Tabular = 'json' | 'csv' | 'xlsx';

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

const TYPES: Readonly<Record<string, Tabular>> = {
  'application/json': 'json',
  'application/*': 'json',
  '*/*': 'json',
  'text/csv': 'csv',
  [XLSX]: 'xlsx',
  'text/*': 'csv',
};

/**
 * The format to answer with: what the query says, else what the Accept header prefers, else JSON. Throws
 * `not-acceptable`.
 */
export function chooseFormat(asked: Format | undefined, accept: string | undefined): Tabular {
  if (asked === 'json' || asked === 'csv' || asked === 'xlsx') {
    return asked;
  }
  if (accept === undefined || accept.trim() === '') {
    return 'json';
  }
  let best: { format: Tabular; quality: number } | undefined;
  for (const part of accept.split(',')) {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const format = TYPES[type];
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    const quality = weight === undefined ? 1 : Number(weight.slice(2));
    if (format !== undefined && quality > (best?.quality ?? 0)) {
      best = { format, quality };
    }
  }
  if (best === undefined) {
    throw new AppError('not-acceptable', 'Reports come as application/json, text/csv or XLSX');
  }
  return best.format;
}
