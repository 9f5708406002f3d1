import type { Readable, Writable } from 'node:stream';

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
 * Writes to a stream and waits while its buffer is full, so that a slow reader does not fill the memory.
 * A reader that has gone (`… | head`) makes it throw OutputClosed.
 */
export async function write(stream: OutputStream, text: string | Uint8Array): Promise<void> {
  if (stream.destroyed || stream.writableEnded) throw new OutputClosed();
  if (stream.write(text)) return;
  await new Promise<void>((resolve, reject) => {
    const settle = (): void => {
      stream.off('drain', settle).off('close', settle).off('error', settle);
      if (stream.destroyed) reject(new OutputClosed());
      else resolve();
    };
    stream.on('drain', settle).on('close', settle).on('error', settle);
  });
}

/** Nobody reads the output any more: nothing to do, and nothing wrong. */
export class OutputClosed extends Error {
  override readonly name = 'OutputClosed';
}
