import { Readable } from 'node:stream';
import type { Sql } from '@rewardbook/db/client';
import { AppError } from '@rewardbook/runtime/errors';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { openReport, type ReportContext } from '../reports/report.ts';
import type { ReportSource } from '../store/in-batches.ts';

/** Reports that run at the same time; each holds a database connection while its reader reads. */
export const MAX_REPORTS = 8;

/** What is sent: pieces of a file. */
export interface StreamedAnswer {
  readonly contentType: string;
  /** What a browser saves it as; undefined where it is to be shown. */
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
 * Sends reports as they are made. An error of `make` becomes a problem, a later one breaks the answer off. What is sent of all
 * streams is counted together.
 */
export function answerStreams(sql: Sql, source: ReportSource): AnswerStream {
  let running = 0;

  async function begin(...[request, reply, from, make]: Parameters<AnswerStream>): Promise<Readable> {
    if (running >= MAX_REPORTS) {
      throw new AppError('overloaded', `${MAX_REPORTS} reports are being read already; try again when one is done`);
    }
    running += 1;
    try {
      const answer = await make(await openReport(sql, source, from.program, from.asOf));
      const stream = Readable.from(answer.pieces, { objectMode: false });
      stream.once('close', () => {
        running -= 1;
        answer.end().catch((error: unknown) => request.log.warn({ err: error }, 'a report did not end well'));
      });
      reply.header('vary', 'accept').type(answer.contentType);
      if (answer.fileName !== undefined) {
        reply.header('content-disposition', `attachment; filename="${answer.fileName}"`);
      }
      return stream;
    } catch (error) {
      running -= 1;
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
