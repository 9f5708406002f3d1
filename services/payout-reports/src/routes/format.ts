import { AppError } from '@rewardbook/runtime/errors';

export type Format = 'json' | 'csv';

const TYPES: Readonly<Record<string, Format>> = {
  'application/json': 'json',
  'application/*': 'json',
  '*/*': 'json',
  'text/csv': 'csv',
  'text/*': 'csv',
};

/** The format to answer with: what the query says, else what the Accept header likes best, else JSON. Throws `not-acceptable`. */
export function chooseFormat(asked: Format | undefined, accept: string | undefined): Format {
  if (asked !== undefined) return asked;
  if (accept === undefined || accept.trim() === '') return 'json';
  let best: { format: Format; quality: number } | undefined;
  for (const part of accept.split(',')) {
    const [type = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase());
    const format = TYPES[type];
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    const quality = weight === undefined ? 1 : Number(weight.slice(2));
    if (format !== undefined && quality > (best?.quality ?? 0)) best = { format, quality };
  }
  if (best === undefined) throw new AppError('not-acceptable', 'Reports come as application/json or text/csv');
  return best.format;
}
