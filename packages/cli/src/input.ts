import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { failed, wrongInput } from './failure.ts';
import type { Io } from './io.ts';

/** A file or stdin, unpacked where it is gzip (told by its first bytes, not by its name). */
export interface Input {
  /** As it is called in messages. */
  readonly name: string;
  /** Size as it lies on the disk; undefined for stdin. */
  readonly size: number | undefined;
  /** How much of `size` has been read. */
  bytesRead(): number;
  /** Contents; each call reads a file from its start. Stdin can be read once. */
  chunks(): AsyncIterable<Buffer>;
}

/** @throws CliFailure 2 where there is no such file, 3 where it cannot be read */
export async function openInput(path: string, io: Io): Promise<Input> {
  if (path === '-') return inputOf('stdin', undefined, () => io.stdin);
  const found = await stat(path).catch((error: unknown) => refuseFile(path, error));
  if (found.isDirectory()) throw wrongInput(`${path} is a folder; give a file, or - for stdin`);
  return inputOf(path, found.isFile() ? found.size : undefined, () =>
    createReadStream(path, { highWaterMark: 1 << 18 }),
  );
}

/** The whole of a text file in UTF-8. */
export async function readText(path: string, io: Io): Promise<string> {
  const input = await openInput(path, io);
  const pieces: Buffer[] = [];
  for await (const chunk of input.chunks()) pieces.push(chunk);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(pieces));
  } catch (error) {
    throw wrongInput(`${input.name} is not text in UTF-8`, error);
  }
}

function inputOf(name: string, size: number | undefined, open: () => Readable): Input {
  let read = 0;
  return {
    name,
    size,
    bytesRead: () => read,
    async *chunks() {
      const stream = open();
      const source = stream[Symbol.asyncIterator]();
      try {
        const first = await nextChunk(source);
        if (first === undefined) return;
        const rest = (async function* () {
          for (let chunk: Buffer | undefined = first; chunk !== undefined; chunk = await nextChunk(source)) {
            read += chunk.length;
            yield chunk;
          }
        })();
        yield* isGzip(first) ? unpack(rest) : rest;
      } catch (error) {
        throw isZlibError(error)
          ? wrongInput(`${name} is not whole: ${error.message}; it is cut off or damaged gzip`, error)
          : asFileFailure(name, error);
      } finally {
        stream.destroy();
      }
    },
  };
}

async function nextChunk(source: AsyncIterator<unknown>): Promise<Buffer | undefined> {
  const { value, done } = await source.next();
  if (done === true) return undefined;
  return Buffer.isBuffer(value) ? value : Buffer.from(String(value), 'utf8');
}

async function* unpack(packed: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
  const gunzip = createGunzip();
  // Errors of either end destroy the other, and are thrown by the loop.
  pipeline(Readable.from(packed), gunzip, () => undefined);
  for await (const chunk of gunzip) yield chunk;
}

function isGzip(chunk: Buffer): boolean {
  return chunk[0] === 0x1f && chunk[1] === 0x8b;
}

function isZlibError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
}

function asFileFailure(name: string, error: unknown): unknown {
  const isSystemError = error instanceof Error && 'syscall' in error;
  return isSystemError ? failed(`Cannot read ${name}: ${error.message}`, error) : error;
}

function refuseFile(path: string, error: unknown): never {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') throw wrongInput(`There is no file ${path}`, error);
  throw failed(`Cannot read ${path}: ${error instanceof Error ? error.message : String(error)}`, error);
}
