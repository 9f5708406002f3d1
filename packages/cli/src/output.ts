import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { failed } from './failure.ts';
import { type Io, type OutputStream, write } from './io.ts';

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
  produce: (write: (text: string | Uint8Array) => Promise<void>) => Promise<void>,
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
