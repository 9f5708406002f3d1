import { Readable } from 'node:stream';
import { type CsvCell, csvLines } from '@rewardbook/contracts/files/csv-lines';
import type { ListFormat } from '@rewardbook/contracts/values/list-query';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { AppError } from './errors.ts';

/** A row of a list; members that are left out are empty cells, and objects are JSON in a cell. */
export type ListRow = Readonly<Record<string, ListValue>>;
type ListValue = string | number | boolean | object | null | undefined;

/** A page of a list's file, and what the next one begins after: undefined at the end. */
export interface FilePage<Key> {
  readonly rows: readonly ListRow[];
  readonly next: Key | undefined;
}

export interface ListFile<Key> {
  readonly format: ListFormat;
  /** What it is called, without what comes after the dot. */
  readonly name: string;
  readonly columns: readonly string[];
  read(after: Key | undefined): Promise<FilePage<Key>>;
}

/** Rows that a page of a file has at most. */
export const FILE_PAGE = 2_000;

const TYPES: Readonly<Record<ListFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
};

/** How a list's file is documented. */
export const listFileOut = {
  description: 'Every row that the filter leaves',
  content: { 'text/csv': { schema: z.string() }, 'application/x-ndjson': { schema: z.string() } },
};

/** Files that are written at the same time: each keeps a connection of the database busy. */
const MAX_FILES = 2;

/** Lists as files, page by page: none is ever whole in memory. */
export class ListFiles {
  #underWay = 0;

  /** @throws AppError `overloaded`; what the first page throws */
  async send<Key>(reply: FastifyReply, file: ListFile<Key>): Promise<FastifyReply> {
    if (this.#underWay >= MAX_FILES) {
      throw new AppError('overloaded', 'Other lists are being written; try again in a moment', {
        retryAfterSeconds: 5,
      });
    }
    this.#underWay += 1;
    try {
      // The first page now, while an error can still become a proper answer.
      const first = await file.read(undefined);
      const body = Readable.from(pieces(file, first));
      body.once('close', () => {
        this.#underWay -= 1;
      });
      return reply
        .type(TYPES[file.format])
        .header('content-disposition', `attachment; filename="${file.name}.${file.format}"`)
        .send(body);
    } catch (error) {
      this.#underWay -= 1;
      throw error;
    }
  }
}

async function* pieces<Key>(file: ListFile<Key>, first: FilePage<Key>): AsyncGenerator<string> {
  if (file.format === 'csv') {
    yield csvLines([file.columns]);
  }
  for (let page = first; ; page = await file.read(page.next)) {
    if (page.rows.length > 0) {
      yield linesOf(file, page.rows);
    }
    if (page.next === undefined) {
      return;
    }
  }
}

function linesOf<Key>({ format, columns }: ListFile<Key>, rows: readonly ListRow[]): string {
  return format === 'csv'
    ? csvLines(rows.map((row) => columns.map((column) => cellOf(row[column]))))
    : `${rows.map((row) => JSON.stringify(row)).join('\n')}\n`;
}

function cellOf(value: ListValue): CsvCell {
  if (value === undefined || value === null) {
    return null;
  }
  return typeof value === 'object' || typeof value === 'boolean' ? JSON.stringify(value) : value;
}
