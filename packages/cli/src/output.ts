import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { failed } from './failure.ts';
import { type Io, type OutputStream, write } from './io.ts';

type Write = (text: string | Uint8Array) => Promise<void>;

/** A line to stdout. */
export async function printLine(io: Io, text: string): Promise<void> {
  await write(io.stdout, `${text}\n`);
}

/** JSON on one line to stdout. */
export async function printJson(io: Io, value: unknown): Promise<void> {
  await printLine(io, JSON.stringify(value));
}

/** Text to stdout as it comes, or to a file that is there whole or not at all. */
export async function writeTo(
  path: string | undefined,
  io: Io,
  produce: (write: Write) => Promise<void>,
): Promise<void> {
  if (path === undefined || path === '-') {
    await produce((text) => write(io.stdout, text));
    return;
  }
  const unfinished = `${path}.${process.pid}.part`;
  const file: OutputStream = createWriteStream(unfinished, { flags: 'w' });
  const fault = new Promise<never>((_, reject) => file.once('error', reject));
  fault.catch(() => undefined); // looked at below
  try {
    await Promise.race([produce((text) => write(file, text)), fault]);
    file.end();
    await finished(file);
    await rename(unfinished, path);
  } catch (error) {
    file.destroy();
    await rm(unfinished, { force: true });
    const isSystemError = error instanceof Error && 'syscall' in error;
    throw isSystemError ? failed(`Cannot write ${path}: ${error.message}`, error) : error;
  }
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
    for await (const chunk of gzip) await put(chunk);
  })();
  const produced = produce((text) => write(gzip, text)).then(
    () => gzip.end(),
    (error: unknown) => gzip.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  await Promise.all([produced, written]);
}
