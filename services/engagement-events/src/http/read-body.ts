import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { BodyRoom } from '../ingest/body-room.ts';
import type { StreamPulse } from '../ingest/stream-places.ts';

const DECOMPRESSED_PIECE_BYTES = 65_536;
/** How often a stream reports that we are waiting for it. */
const BEAT_MS = 500;

export interface ReadLimits {
  readonly idleMs: number;
  readonly totalMs: number;
  /** Ends the reading, with the signal's reason as the error. */
  readonly stop?: AbortSignal;
  /** Is notified how fast the body arrives. */
  readonly pulse?: StreamPulse;
}

export interface WholeLimits {
  readonly maxBytes: number;
  readonly idleMs: number;
  readonly totalMs: number;
  /** The memory it takes, unpacked. */
  readonly room: BodyRoom;
}

/**
 * The body of a request in pieces, decompressed. Reads on only when asked to, so a slow reader slows the sender down.
 *
 * @throws AppError `request-timeout`, `bad-compression` or `unsupported-media-type`; the reason of `stop`; ECONNRESET
 * when the client is gone. The connection stays open, so that the request can still be answered.
 */
export async function* bodyPieces(request: IncomingMessage, limits: ReadLimits): AsyncGenerator<Buffer> {
  const source = decompressed(request);
  const held: Buffer[] = [];
  let failure: { readonly error: unknown } | undefined;
  let isOver = false;
  let wake = () => {};
  const fail = (error: unknown) => {
    failure ??= { error };
    wake();
  };
  const hold = (piece: Buffer) => {
    held.push(piece);
    limits.pulse?.arrived(piece.length);
    source.pause();
    wake();
  };
  const finish = () => {
    isOver = true;
    wake();
  };
  const late = (message: string) => fail(new AppError('request-timeout', message));
  const stop = () => fail(limits.stop?.reason);
  const total = setTimeout(() => late(`The body took more than ${limits.totalMs / 1000} seconds`), limits.totalMs);
  source.on('data', hold).once('end', finish).on('error', fail);
  limits.stop?.addEventListener('abort', stop, { once: true });
  if (limits.stop?.aborted) {
    stop();
  }
  try {
    for (;;) {
      if (held.length === 0 && !isOver && failure === undefined) {
        const idle = setTimeout(() => late(`Nothing came for ${limits.idleMs / 1000} seconds`), limits.idleMs);
        let countedTo = performance.now();
        const count = (): void => {
          limits.pulse?.waited(performance.now() - countedTo);
          countedTo = performance.now();
        };
        const beat = setInterval(count, BEAT_MS);
        await new Promise<void>((resolve) => {
          wake = resolve;
          source.resume();
        });
        clearTimeout(idle);
        clearInterval(beat);
        count();
      }
      // Pieces that came before a failure still count.
      const piece = held.shift();
      if (piece !== undefined) {
        yield piece;
      } else if (failure !== undefined) {
        throw asProblem(failure.error);
      } else if (isOver) {
        return;
      }
    }
  } finally {
    clearTimeout(total);
    limits.stop?.removeEventListener('abort', stop);
    source.off('data', hold).off('end', finish);
    if (source !== request) {
      request.unpipe();
    }
    request.resume(); // what still comes is dropped
  }
}

/** A body that has already arrived, as small ones usually have; undefined if we have to wait for it. */
export function readAtOnce(request: IncomingMessage, maxBytes: number, room: BodyRoom): Buffer | undefined {
  const { headers, readableLength } = request;
  const isHere =
    readableLength > 0 && readableLength <= maxBytes && readableLength === Number(headers['content-length']);
  if (!isHere || headers['content-encoding'] !== undefined) {
    return undefined;
  }
  room.take(readableLength);
  const body: unknown = request.read();
  request.resume(); // to its end
  return Buffer.isBuffer(body) ? body : undefined;
}

/**
 * A whole body.
 *
 * @throws as bodyPieces does, and AppError `too-large`
 */
export function readWhole(request: IncomingMessage, { maxBytes, idleMs, totalMs, room }: WholeLimits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let bytes = 0;
    const fail = (error: unknown) => {
      clearTimeout(total);
      clearTimeout(idle);
      source.off('data', hold);
      if (source !== request) {
        request.unpipe();
      }
      request.resume(); // what still comes is dropped
      reject(asProblem(error));
    };
    const tooLarge = () =>
      new AppError(
        'too-large',
        `The body is longer than ${maxBytes} bytes; send application/x-ndjson, which has no end`,
      );
    const hold = (piece: Buffer) => {
      bytes += piece.length;
      idle.refresh();
      try {
        if (bytes > maxBytes) {
          throw tooLarge();
        }
        room.take(piece.length);
        pieces.push(piece);
      } catch (error) {
        fail(error);
      }
    };
    const idle = setTimeout(() => {
      fail(new AppError('request-timeout', `No part of the body arrived for ${idleMs / 1000} seconds`));
    }, idleMs);
    const total = setTimeout(() => {
      fail(new AppError('request-timeout', `The body took more than ${totalMs / 1000} seconds`));
    }, totalMs);
    let source: Readable = request;
    try {
      if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
        throw tooLarge();
      }
      source = decompressed(request);
    } catch (error) {
      fail(error);
      return;
    }
    source.on('data', hold).on('error', fail);
    source.once('end', () => {
      clearTimeout(total);
      clearTimeout(idle);
      const [only] = pieces;
      resolve(pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces));
    });
  });
}

function decompressed(request: IncomingMessage): Readable {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity') {
    return request;
  }
  if (encoding !== 'gzip' && encoding !== 'x-gzip') {
    throw new AppError('unsupported-media-type', `Content-Encoding ${encoding} is not supported; use gzip`);
  }
  const gunzip = createGunzip({ chunkSize: DECOMPRESSED_PIECE_BYTES });
  // Not pipeline(): after a damaged byte it would destroy the request, and with it the connection that the answer needs.
  request.pipe(gunzip);
  request.once('error', (error) => gunzip.destroy(error));
  return gunzip;
}

function asProblem(error: unknown): unknown {
  const isZlibError =
    error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_');
  if (!isZlibError) {
    return error;
  }
  return new AppError('bad-compression', `The gzip body cannot be decompressed: ${error.message}`, { cause: error });
}
