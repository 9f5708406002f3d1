import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { NotUtf8Error, utf8Text, withoutMark } from '@rewardbook/contracts/values/utf8';
import { inputError, serverError } from '../terminal/failure.ts';
import type { Io } from '../terminal/io.ts';

/** The first bytes of gzip. */
const GZIP = [0x1f, 0x8b];

/** A file or stdin, decompressed if it is gzip (recognised by its first bytes, not by its name). */
export interface Input {
  /** As it is called in messages. */
  readonly name: string;
  /** Size as it lies on the disk; undefined for stdin. */
  readonly size: number | undefined;
  /** How much of `size` has been read. */
  bytesRead(): number;
  /** Contents; each call reads a file from its start. Stdin can be read once. */
  chunks(): AsyncGenerator<Buffer, void, undefined>;
  /** The same, without a buffer for each chunk; undefined where it is not a file whose bytes are the contents. */
  direct(): Promise<Reader | undefined>;
}

/** Reads from the start on. */
export interface Reader {
  /** Fills memory from its beginning on; gives how many bytes it read, 0 at the end. */
  read(target: Uint8Array): Promise<number>;
  close(): Promise<void>;
}

/** @throws CliFailure 2 where there is no such file, 3 where it cannot be read */
export async function openInput(path: string, io: Io): Promise<Input> {
  if (path === '-') {
    return inputOf('stdin', undefined, () => io.stdin);
  }
  const found = await stat(path).catch((error: unknown) => refuseFile(path, error));
  if (found.isDirectory()) {
    throw inputError(`${path} is a folder; give a file, or - for stdin`);
  }
  const size = found.isFile() ? found.size : undefined;
  return inputOf(path, size, () => createReadStream(path, { highWaterMark: 1 << 18 }));
}

/** The whole of a text file in UTF-8. */
export async function readText(path: string, io: Io): Promise<string> {
  return textOf(await readBytes(path, io), path === '-' ? 'stdin' : path);
}

export async function readBytes(path: string, io: Io): Promise<Buffer> {
  const input = await openInput(path, io);
  const pieces: Buffer[] = [];
  for await (const chunk of input.chunks()) {
    pieces.push(chunk);
  }
  return Buffer.concat(pieces);
}

/** The text of a file. @throws CliFailure 2 that names the line where it is not UTF-8 */
export function textOf(bytes: Buffer, name: string): string {
  try {
    return utf8Text(withoutMark(bytes));
  } catch (error) {
    throw error instanceof NotUtf8Error ? inputError(`${name}: ${error.message}`, error) : error;
  }
}

function inputOf(name: string, size: number | undefined, stream: () => Readable): Input {
  let read = 0;
  return {
    name,
    size,
    bytesRead: () => read,
    async direct() {
      if (size === undefined) {
        return undefined;
      }
      try {
        const handle = await open(name);
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(GZIP.length), 0, GZIP.length, 0);
        if (!isGzip(buffer.subarray(0, bytesRead))) {
          return {
            read: async (target) => {
              const { bytesRead } = await handle.read(target, 0, target.length, read).catch((error: unknown) => {
                throw asFileFailure(name, error);
              });
              read += bytesRead;
              return bytesRead;
            },
            close: () => handle.close(),
          };
        }
        await handle.close();
        return undefined;
      } catch (error) {
        throw asFileFailure(name, error);
      }
    },
    async *chunks() {
      const opened = stream();
      const source = opened[Symbol.asyncIterator]();
      try {
        let first = await nextChunk(source);
        // Pipes may give a single byte, which is too little to recognise gzip.
        while (first !== undefined && first.length < GZIP.length) {
          const more = await nextChunk(source);
          if (more === undefined) {
            break;
          }
          first = Buffer.concat([first, more]);
        }
        if (first === undefined || first.length === 0) {
          return;
        }
        const beginning = first;
        const rest = (async function* () {
          for (let chunk: Buffer | undefined = beginning; chunk !== undefined; chunk = await nextChunk(source)) {
            read += chunk.length;
            yield chunk;
          }
        })();
        yield* isGzip(first) ? unpack(rest) : rest;
      } catch (error) {
        throw isZlibError(error)
          ? inputError(`${name} is not whole: ${error.message}; it is cut off or damaged gzip`, error)
          : asFileFailure(name, error);
      } finally {
        opened.destroy();
      }
    },
  };
}

/** Reads what comes in chunks. */
export function readerOf(chunks: AsyncGenerator<Buffer, void, undefined>): Reader {
  let left: Buffer = Buffer.alloc(0);
  return {
    async read(target) {
      while (left.length === 0) {
        const next = await chunks.next();
        if (next.done === true) {
          return 0;
        }
        left = next.value;
      }
      const count = Math.min(left.length, target.length);
      target.set(left.subarray(0, count));
      left = left.subarray(count);
      return count;
    },
    close: async () => void (await chunks.return()),
  };
}

async function nextChunk(source: AsyncIterator<unknown>): Promise<Buffer | undefined> {
  const { value, done } = await source.next();
  if (done === true) {
    return undefined;
  }
  return Buffer.isBuffer(value) ? value : Buffer.from(String(value), 'utf8');
}

async function* unpack(packed: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const gunzip = createGunzip();
  // Errors of either end destroy the other, and are thrown by the loop.
  pipeline(Readable.from(packed), gunzip, () => undefined);
  for await (const chunk of gunzip) {
    yield chunk;
  }
}

/** Also where it is cut off after the first byte, with which no text begins. */
function isGzip(beginning: Buffer): boolean {
  return beginning.length > 0 && GZIP.every((byte, index) => index >= beginning.length || beginning[index] === byte);
}

function isZlibError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

function asFileFailure(name: string, error: unknown): unknown {
  const isSystemError = error instanceof Error && 'syscall' in error;
  return isSystemError ? serverError(`Cannot read ${name}: ${error.message}`, error) : error;
}

function refuseFile(path: string, error: unknown): never {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    throw inputError(`There is no file ${path}`, error);
  }
  throw serverError(`Cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`, error);
}
