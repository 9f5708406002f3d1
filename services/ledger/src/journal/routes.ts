import {
  type EntryOut,
  entryDetailSchema,
  entryParamsSchema,
  entryQuerySchema,
  journalPageSchema,
  journalQuerySchema,
} from '@rewardbook/contracts/api/journal';
import { toPage } from '@rewardbook/contracts/values/cursor';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import { type EntryRow, findEntry, findReversal, searchEntries } from '@rewardbook/db/books/entries';
import { requireProgram } from '@rewardbook/db/books/program';
import { requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { AppError } from '@rewardbook/runtime/http/errors';
import { numberKeySchema, readCursor, toWalkedPage } from '@rewardbook/runtime/http/page-cursor';
import { z } from 'zod';
import type { Ledger } from '../service/ledger.ts';
import { booksUntil } from './books-until.ts';
import { listPostings } from './sql.ts';

const detailsSchema = z.record(z.string(), z.string());

/** The journal. */
export function journalRoutes(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/journal',
    {
      ...requireScope('read'),
      schema: {
        tags: ['books'],
        summary:
          'Journal entries in order of seq: filtered, searched, the oldest or the newest first; now, or as of an instant',
        params: programParamsSchema,
        querystring: journalQuerySchema,
        response: { 200: journalPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor, order, asOf, ...filter } = request.query;
      const { programId, currency } = await requireProgram(ledger.sql, request.params.program);
      const { seq: lastSeq } = await booksUntil(ledger, programId, { asOf });
      const after = readCursor(cursor, numberKeySchema)?.[0];
      const found = await searchEntries(ledger.sql, { programId, lastSeq, filter }, { order, after, limit });
      return { ...toWalkedPage(found, (row) => toEntryOut(row, currency.code)), lastSeq };
    },
  );

  app.get(
    '/v1/programs/:program/journal/:entryKey',
    {
      ...requireScope('read'),
      schema: {
        tags: ['books'],
        summary: 'A journal entry with a page of its postings',
        params: entryParamsSchema,
        querystring: entryQuerySchema,
        response: { 200: entryDetailSchema },
      },
    },
    async (request) => {
      const { program, entryKey } = request.params;
      const { limit, cursor } = request.query;
      const { programId, currency } = await requireProgram(ledger.sql, program);
      const entry = await findEntry(ledger.sql, programId, entryKey);
      if (entry === undefined) {
        throw new AppError('not-found', `Program ${program} has no journal entry ${entryKey}`);
      }
      const after = readCursor(cursor, numberKeySchema)?.[0] ?? 0;
      const postings = await listPostings(ledger.sql, programId, entry.entryId, { after, limit: limit + 1 });
      return {
        ...toEntryOut(entry, currency.code),
        reversedBy: await findReversal(ledger.sql, programId, entryKey),
        postings: toPage(postings, limit, (item) => [item.line]),
      };
    },
  );
}

function toEntryOut({ entryId: _entryId, details, ...row }: EntryRow, currency: string): EntryOut {
  return { ...row, currency, details: detailsSchema.parse(JSON.parse(details)) };
}
