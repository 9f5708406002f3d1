import { Readable } from 'node:stream';
import type { Sql } from '@rewardbook/db/client';
import { keyOf } from '@rewardbook/runtime/access/api-key';
import { clientGone } from '@rewardbook/runtime/http/client-gone';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Places } from './places.ts';
import type { ReportSource } from './read-cursor.ts';
import { openReport, type ReportContext } from './report-context.ts';

/** Reports that run at the same time, and those of one key; each holds a database connection while its reader reads. */
export const MAX_REPORTS = 8;
export const MAX_REPORTS_PER_KEY = 4;
/** A report of which nothing was taken for this long may be ended by another one that finds no place. */
const STALLED_MS = 5_000;

/** What is sent: pieces of a file. */
export interface StreamedAnswer {
  readonly contentType: string;
  /** What a browser saves it as; undefined if it is to be shown. */
  readonly fileName: string | undefined;
  readonly pieces: AsyncIterable<string | Uint8Array>;
  /** Ends what the pieces are made from, also where nothing was read of them. */
  end(): Promise<unknown>;
}

export type AnswerStream = (
  request: FastifyRequest,
  reply: FastifyReply,
  from: { readonly program: string; readonly asOf?: string | undefined },
  make: (context: ReportContext) => Promise<StreamedAnswer>,
) => void;

/**
 * Sends reports while they are being made. An error of `make` becomes a problem, a later one breaks the answer off. All
 * reports share one set of places.
 */
export function answerStreams(sql: Sql, source: ReportSource): AnswerStream {
  const places = new Places('reports', MAX_REPORTS, MAX_REPORTS_PER_KEY);
  const readers = new Set<Reader>();

  async function begin(...[request, reply, from, make]: Parameters<AnswerStream>): Promise<Readable> {
    const { keyId } = keyOf(request);
    if (places.isFullOfOthersThan(keyId)) {
      endSlowest(readers);
    }
    const giveBack = places.take(keyId);
    try {
      const read: ReportSource = { ...source, signal: clientGone(reply) };
      const answer = await make(await openReport(sql, read, from.program, from.asOf));
      const reader: Reader = { takenAtMs: performance.now(), leave: () => undefined };
      const stream = Readable.from(seen(answer.pieces, reader), { objectMode: false });
      reader.leave = () => {
        readers.delete(reader);
        giveBack();
        stream.destroy(new Error('the reader stalled while others waited'));
      };
      readers.add(reader);
      stream.once('close', () => {
        readers.delete(reader);
        giveBack();
        answer.end().catch((error: unknown) => request.log.warn({ err: error }, 'a report did not end well'));
      });
      reply.header('vary', 'accept').type(answer.contentType);
      if (answer.fileName !== undefined) {
        reply.header('content-disposition', `attachment; filename="${answer.fileName}"`);
      }
      return stream;
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  return (...args) => {
    const [, reply] = args;
    begin(...args).then(
      (stream) => reply.send(stream),
      (error: unknown) => reply.send(error),
    );
  };
}

/** Who reads a report, and when a piece of it was last taken and the next one was ready. */
interface Reader {
  takenAtMs: number;
  leave: () => void;
}

/** The same pieces; between two pieces the service waits for the reader, else for the database. */
async function* seen(
  pieces: StreamedAnswer['pieces'],
  reader: Reader,
): AsyncGenerator<string | Uint8Array, void, undefined> {
  reader.takenAtMs = Number.POSITIVE_INFINITY;
  for await (const piece of pieces) {
    reader.takenAtMs = performance.now();
    yield piece;
    reader.takenAtMs = Number.POSITIVE_INFINITY;
  }
}

function endSlowest(readers: ReadonlySet<Reader>): void {
  const [slowest] = [...readers].sort((a, b) => a.takenAtMs - b.takenAtMs);
  if (slowest !== undefined && performance.now() - slowest.takenAtMs > STALLED_MS) {
    slowest.leave();
  }
}
