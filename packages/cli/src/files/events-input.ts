import { open } from 'node:fs/promises';
import {
  columnOfRefusal,
  describeColumns,
  type EventColumn,
  type GivenColumns,
} from '@rewardbook/contracts/files/event-tables/event-columns';
import { type EventTable, ndjsonOf } from '@rewardbook/contracts/files/event-tables/event-table';
import {
  type EventFormat,
  formatOfBeginning,
  formatOfName,
  openEventTable,
} from '@rewardbook/contracts/files/event-tables/open-table';
import { memoryAccess, type RandomAccess } from '@rewardbook/contracts/files/event-tables/random-access';
import { TableError } from '@rewardbook/contracts/files/event-tables/table-error';
import { NotUtf8Error } from '@rewardbook/contracts/values/utf8';
import { type Line, readLines, tableLines } from '@rewardbook/replay/lines';
import { inputError } from '../terminal/failure.ts';
import type { Io } from '../terminal/io.ts';
import { type Input, openInput } from './input.ts';

/** What options say about a file of events. */
export interface EventsOptions {
  /** Left out: what its name or its first bytes say. */
  readonly format?: EventFormat | undefined;
  readonly columns?: GivenColumns | undefined;
  readonly assumeUtc?: boolean | undefined;
}

/** A file of events, in any format, as NDJSON: an event of a table is on the line of its place in the file. */
export interface EventsInput extends Input {
  /** One by one; each call reads a file from its start. */
  lines(): AsyncGenerator<Line, void, undefined>;
  /** Where an event is, and the column that a refusal is about: `line 7, column "ts"`. */
  placeOf(number: number, message: string): string;
}

/**
 * Opens events: NDJSON, CSV or Parquet; `-` is stdin. Says on stderr which columns of a table hold what.
 *
 * @throws CliFailure 2 where it is no such file, or has no column for what every event has
 */
export async function openEvents(path: string, io: Io, options: EventsOptions = {}): Promise<EventsInput> {
  const { input, format } = await withFormat(path, io, options);
  if (format !== 'ndjson') {
    return tableInput(format, path, input, io, options);
  }
  if (options.columns !== undefined || options.assumeUtc === true) {
    throw inputError(
      `${input.name} is NDJSON, whose lines name their fields: --columns and --assume-utc are for CSV and Parquet`,
    );
  }
  return { ...input, lines: () => readLines(input.chunks()), placeOf: (number) => `line ${number}` };
}

async function withFormat(path: string, io: Io, { format, columns }: EventsOptions) {
  const input = await openInput(path, io);
  const known = format ?? formatOfName(path);
  if (known !== undefined) {
    return { input, format: known };
  }
  // Looked at through another opening: what has been read of a file counts from its start.
  const isFile = input.size !== undefined;
  const chunks = (isFile ? await openInput(path, io) : input).chunks();
  const { value: first } = await chunks.next();
  const found = first instanceof Uint8Array ? formatOfBeginning(first, columns) : 'ndjson';
  if (isFile) {
    await chunks.return();
    return { input, format: found };
  }
  const all = async function* (): AsyncGenerator<Buffer, void, undefined> {
    if (first instanceof Uint8Array) {
      yield first;
    }
    yield* chunks;
  };
  return { input: { ...input, chunks: all }, format: found };
}

function tableInput(
  format: Exclude<EventFormat, 'ndjson'>,
  path: string,
  input: Input,
  io: Io,
  options: EventsOptions,
): EventsInput {
  let read = 0;
  let opened: EventTable | undefined;
  const isRandom = format === 'parquet' && input.size !== undefined && !/\.gz$/i.test(path);
  const onRead = (bytes: number): void => {
    read += bytes;
  };
  async function* rowsOf<Piece>(
    each: (table: EventTable) => AsyncIterable<Piece>,
  ): AsyncGenerator<Piece, void, undefined> {
    const file = isRandom ? await fileAccess(path, input.size ?? 0, onRead) : undefined;
    try {
      const table = await openEventTable(
        format,
        { chunks: () => input.chunks(), randomAccess: async () => file ?? memoryAccess(await bytesOf(input)) },
        options,
      );
      if (opened === undefined) {
        io.stderr.write(`columns: ${describeColumns(table)}\n`);
      }
      opened = table;
      yield* each(table);
    } catch (error) {
      throw asInputError(input.name, error);
    } finally {
      await file?.close();
    }
  }
  return {
    ...input,
    bytesRead: () => (isRandom ? read : input.bytesRead()),
    direct: async () => undefined,
    chunks: () => rowsOf(buffersOf),
    lines: () => rowsOf(tableLines),
    placeOf: (number, message) => placeIn(opened, number, message),
  };
}

function placeIn(table: EventTable | undefined, number: number, message: string): string {
  const columns: readonly EventColumn[] = table?.columns ?? [];
  const column = columnOfRefusal(message, columns);
  return `${table?.unit ?? 'line'} ${number}${column === undefined ? '' : `, column "${column}"`}`;
}

async function* buffersOf(table: EventTable): AsyncGenerator<Buffer> {
  for await (const { buffer, byteOffset, byteLength } of ndjsonOf(table)) {
    yield Buffer.from(buffer, byteOffset, byteLength);
  }
}

function asInputError(name: string, error: unknown): unknown {
  if (error instanceof TableError) {
    const hint = error.isAboutColumns ? '; --columns FIELD=COLUMN,… says which are which' : '';
    return inputError(`${name}: ${error.message}${hint}`, error);
  }
  return error instanceof NotUtf8Error ? inputError(`${name}: ${error.message}`, error) : error;
}

async function bytesOf(input: Input): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Buffer[] = [];
  for await (const chunk of input.chunks()) {
    pieces.push(chunk);
  }
  return new Uint8Array(Buffer.concat(pieces));
}

/** @param onRead is told how many bytes were read */
async function fileAccess(
  path: string,
  size: number,
  onRead: (bytes: number) => void,
): Promise<RandomAccess & { close(): Promise<void> }> {
  const handle = await open(path);
  return {
    byteLength: size,
    async slice(start, end = size) {
      const bytes = new Uint8Array(Math.max(0, end - start));
      for (let done = 0; done < bytes.length; ) {
        const { bytesRead } = await handle.read(bytes, done, bytes.length - done, start + done);
        if (bytesRead === 0) {
          throw new TableError('it is cut off');
        }
        done += bytesRead;
      }
      onRead(bytes.length);
      return bytes.buffer;
    },
    close: () => handle.close(),
  };
}
