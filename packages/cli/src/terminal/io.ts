import type { Readable, Writable } from 'node:stream';
import { serverError } from './failure.ts';

/** A stream that people or programs read; `isTTY` where it is a terminal. */
export type OutputStream = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Everything that a command takes from its process. */
export interface Io {
  readonly stdin: Readable & { readonly isTTY?: boolean };
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted by the first SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
}

/**
 * Writes to a stream and waits until it has the text, so that a slow reader does not fill the memory and no failure is missed.
 *
 * @throws OutputClosed where the reader has gone (`… | head`)
 * @throws CliFailure 3 where it cannot be written, as on a full disk
 */
export async function write(stream: OutputStream, text: string | Uint8Array): Promise<void> {
  if (stream.errored) {
    throw outputFailure(stream.errored);
  }
  if (stream.destroyed || stream.writableEnded) {
    throw new OutputClosed();
  }
  await new Promise<void>((resolve, reject) => {
    stream.write(text, (error) => (error ? reject(outputFailure(error)) : resolve()));
  });
}

/** The reader of the output has gone: nothing is left to do, and nothing is wrong. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}

/** A reader that has gone is not a failure; everything else is. */
function outputFailure(error: Error): Error {
  const code = 'code' in error ? error.code : undefined;
  if (code === 'EPIPE' || code === 'ERR_STREAM_DESTROYED') {
    return new OutputClosed(error.message, { cause: error });
  }
  return serverError(`Cannot write the output: ${error.message}`, error);
}
