import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { MAX_CREATORS_IMPORTED, parseCreator, TOO_MANY_CREATORS } from '../api/creators.ts';
import { type Issue, MAX_ISSUES, type Parsed } from '../values/issue.ts';
import { isHeaderAgain } from './csv-header.ts';
import { csvIssue, csvRecords } from './csv-records.ts';

/** Columns of a creators file; all but the first may be left out, in any order. */
export const CREATOR_COLUMNS = [
  'creatorId',
  'handle',
  'country',
  'joinedOn',
  'followers',
  'viewerIds',
  'taxCountry',
  'payee',
  'account',
  'scoutId',
  'scoutedOn',
] as const;

export type CreatorColumn = (typeof CREATOR_COLUMNS)[number];

/**
 * Reads a creators file: CSV in UTF-8 with a header. Empty cells are "not given"; `viewerIds` are separated by spaces.
 * Issues name the line on which the record starts and the column.
 */
export async function parseCreatorsCsv(
  input: string | AsyncIterable<Uint8Array>,
): Promise<Parsed<RegisteredCreator[]>> {
  const creators: RegisteredCreator[] = [];
  const issues: Issue[] = [];
  const seen = new Map<string, number>();
  let columns: CreatorColumn[] | undefined;
  try {
    for await (const { cells, line } of csvRecords(input)) {
      if (columns === undefined) {
        const header = readHeader(cells, line);
        if (!header.ok) {
          return header;
        }
        columns = header.value;
        continue;
      }
      if (isHeaderAgain(cells, columns)) {
        continue;
      }
      if (issues.length >= MAX_ISSUES) {
        break;
      }
      if (creators.length >= MAX_CREATORS_IMPORTED) {
        issues.push({ ...TOO_MANY_CREATORS, line });
        break;
      }
      const found = readRecord(cells, columns, line);
      if (!found.ok) {
        issues.push(...found.issues);
        continue;
      }
      const { creatorId } = found.value;
      const earlier = seen.get(creatorId);
      if (earlier !== undefined) {
        const message = `"${creatorId}" is on line ${earlier} already`;
        issues.push({ path: 'creatorId', message, line, column: columns.indexOf('creatorId') + 1 });
      }
      seen.set(creatorId, line);
      creators.push(found.value);
    }
  } catch (error) {
    issues.push(csvIssue(error));
  }
  if (columns === undefined && issues.length === 0) {
    issues.push({ path: '', message: 'the file is empty; it needs a header', line: 1 });
  }
  return issues.length === 0 ? { ok: true, value: creators } : { ok: false, issues };
}

function readHeader(fields: readonly string[], line: number): Parsed<CreatorColumn[]> {
  const columns: CreatorColumn[] = [];
  const issues: Issue[] = [];
  for (const [index, field] of fields.entries()) {
    const column = CREATOR_COLUMNS.find((name) => name === field);
    const place = { path: '', line, column: index + 1 };
    if (column === undefined) {
      issues.push({
        ...place,
        message: `"${field.slice(0, 80)}" is not a column; they are ${CREATOR_COLUMNS.join(', ')}`,
      });
    } else if (columns.includes(column)) {
      issues.push({ ...place, message: `the column ${column} is there twice` });
    } else {
      columns.push(column);
    }
  }
  if (issues.length === 0 && !columns.includes('creatorId')) {
    issues.push({ path: '', line, message: 'the column creatorId is missing' });
  }
  return issues.length === 0 ? { ok: true, value: columns } : { ok: false, issues };
}

function readRecord(
  fields: readonly string[],
  columns: readonly CreatorColumn[],
  line: number,
): Parsed<RegisteredCreator> {
  if (fields.length !== columns.length) {
    const message = `${fields.length} cells where the header has ${columns.length}`;
    return { ok: false, issues: [{ path: '', message, line }] };
  }
  const value: Record<string, unknown> = {};
  for (const [index, column] of columns.entries()) {
    const cell = fields[index] ?? '';
    if (column === 'viewerIds') {
      value[column] = cell.split(' ').filter((id) => id !== '');
    } else if (column === 'followers') {
      value[column] = cell === '' ? 0 : toCount(cell);
    } else if (column === 'creatorId' || cell !== '') {
      value[column] = cell;
    }
  }
  const parsed = parseCreator(value);
  if (parsed.ok) {
    return parsed;
  }
  return { ok: false, issues: parsed.issues.map((issue) => locate(issue, columns, line)) };
}

function locate(issue: Issue, columns: readonly CreatorColumn[], line: number): Issue {
  const index = columns.findIndex((column) => issue.path === column || issue.path.startsWith(`${column}[`));
  return index === -1 ? { ...issue, line } : { ...issue, line, column: index + 1 };
}

/** A count in digits; anything else stays text, for the schema to refuse. */
function toCount(cell: string): number | string {
  return /^\d{1,15}$/.test(cell) ? Number(cell) : cell;
}
