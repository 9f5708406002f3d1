import { createGzip } from 'node:zlib';
import { serverError } from '../terminal/failure.ts';
import { type Io, OutputClosed, write } from '../terminal/io.ts';
import { type OutputTarget, openTarget } from './output-target.ts';

/** Whether what goes to this path goes to stdout. */
export function isStdout(path: string | undefined): boolean {
  return path === undefined || path === '-' || path === '/dev/stdout';
}

type Write = (text: string | Uint8Array) => Promise<void>;

/** A line to stdout. */
export async function printLine(io: Io, text: string): Promise<void> {
  await write(io.stdout, `${text}\n`);
}

/** Text to stdout as its pieces come. */
export async function printPieces(io: Io, pieces: Iterable<string> | AsyncIterable<string>): Promise<void> {
  for await (const piece of pieces) {
    await write(io.stdout, piece);
  }
}

/** JSON on one line to stdout. */
export async function printJson(io: Io, value: unknown): Promise<void> {
  await printLine(io, JSON.stringify(value));
}

/**
 * Text to stdout as it comes, or to a file that is there whole or not at all; `openTarget` says what else a path may be.
 *
 * @param mode of a file that is new
 */
export async function writeTo(
  path: string | undefined,
  io: Io,
  produce: (write: Write) => Promise<void>,
  mode?: number,
): Promise<void> {
  if (path === undefined || isStdout(path)) {
    await produce((text) => write(io.stdout, text));
    return;
  }
  let target: OutputTarget | undefined;
  try {
    const opened = await openTarget(path, mode);
    target = opened;
    await produce((text) => opened.write(typeof text === 'string' ? Buffer.from(text, 'utf8') : text));
    await target.commit();
  } catch (error) {
    await target?.abandon();
    throw asOutputFailure(path, error);
  }
}

function asOutputFailure(path: string, error: unknown): unknown {
  if (!(error instanceof Error && 'syscall' in error)) {
    return error;
  }
  if ('code' in error && error.code === 'EPIPE') {
    return new OutputClosed(error.message, { cause: error });
  }
  return serverError(`Cannot write ${path}: ${error.message}`, error);
}

/** As writeTo, through gzip where the file's name ends in .gz. */
export async function writeFileOf(
  path: string | undefined,
  io: Io,
  produce: (write: Write) => Promise<void>,
): Promise<void> {
  await writeTo(path, io, (put) => (path?.endsWith('.gz') ? packed(put, produce) : produce(put)));
}

async function packed(put: Write, produce: (put: Write) => Promise<void>): Promise<void> {
  const gzip = createGzip();
  const written = (async () => {
    for await (const chunk of gzip) {
      await put(chunk);
    }
  })();
  const produced = produce((text) => write(gzip, text)).then(
    () => gzip.end(),
    (error: unknown) => gzip.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  await Promise.all([produced, written]);
}
