import { Readable } from 'node:stream';
import {
  creatorFilterSchema,
  creatorsCountSchema,
  creatorsImportedSchema,
  creatorsPageSchema,
  creatorsQuerySchema,
  creatorsWaitingSchema,
  parseCreators,
} from '@rewardbook/contracts/api/creators';
import { parseCreatorsCsv } from '@rewardbook/contracts/files/creators-csv';
import { encodeCursor } from '@rewardbook/contracts/values/cursor';
import { describeIssues, type Parsed } from '@rewardbook/contracts/values/issue';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import { readHead, requireProgram } from '@rewardbook/db/books/program';
import { countCreators, searchCreators } from '@rewardbook/db/lists/creators';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { keyOf, maySeePayments, requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { AppError } from '@rewardbook/runtime/http/errors';
import { readCursor, textKeySchema } from '@rewardbook/runtime/http/page-cursor';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { toApprovalNeeded } from '../approvals/request-out.ts';
import { moneyOut } from '../payouts/payout-run-out.ts';
import type { Ledger } from '../service/ledger.ts';
import { importCreatorsOrAsk } from './import-creators.ts';

/** Of a CSV, which is parsed as it arrives, and of JSON, which is held whole. */
const CSV_LIMIT_BYTES = 256_000_000;
const JSON_LIMIT_BYTES = 32_000_000;
const CSV_TIMES = { totalMs: 1_800_000 };
const CSV = ['text/csv', 'application/csv'];

/** The registry of creators. */
export function creatorRoutes(app: App, ledger: Ledger): void {
  importRoute(app, ledger);

  app.get(
    '/v1/programs/:program/creators',
    {
      config: { ...requireScope('read').config, isAudited: maySeePayments },
      schema: {
        tags: ['creators'],
        summary:
          'Registered creators by creatorId: filtered, searched; payee and account for keys with the scope read:payments',
        params: programParamsSchema,
        querystring: creatorsQuerySchema,
        response: { 200: creatorsPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor, order, from, balances, ...filter } = request.query;
      const { programId, currency } = await requireProgram(ledger.sql, request.params.program);
      const { creatorsVersion: version } = await readHead(ledger.sql, programId);
      const after = readCursor(cursor, textKeySchema)?.[0];
      const page = { order, from, after, limit, withBalances: balances };
      const { rows, searched, next } = await searchCreators(ledger.sql, { programId, version, filter }, page);
      const showsPayments = maySeePayments(keyOf(request));
      const items = rows.map(({ payee, account, viewerIds, scoutId, scoutedOn, payable, onHold, ...creator }) => ({
        ...creator,
        viewerIds: [...viewerIds],
        ...(scoutId == null || scoutedOn == null ? {} : { scoutId, scoutedOn }),
        ...(showsPayments ? { payee, account } : {}),
        ...(payable === null || onHold === null ? {} : { payable: moneyOut(payable, currency), onHold }),
      }));
      return { items, searched, nextCursor: next === null ? null : encodeCursor([next]) };
    },
  );

  app.get(
    '/v1/programs/:program/creators/count',
    {
      ...requireScope('read'),
      schema: {
        tags: ['creators'],
        summary: 'How many registered creators a filter leaves, of as many as can be looked at quickly',
        params: programParamsSchema,
        querystring: creatorFilterSchema,
        response: { 200: creatorsCountSchema },
      },
    },
    async (request) => {
      const { programId } = await requireProgram(ledger.sql, request.params.program);
      const { creatorsVersion: version } = await readHead(ledger.sql, programId);
      return countCreators(ledger.sql, { programId, version, filter: request.query });
    },
  );
}

function importRoute(app: App, ledger: Ledger): void {
  let importing = false;
  app.register(async (plain) => {
    const scope = plain.withTypeProvider<ZodTypeProvider>();
    // Read by the handler: a file of a million creators is never held as text.
    scope.addContentTypeParser(CSV, (_request, payload, done) => done(null, payload));
    scope.post(
      '/v1/programs/:program/creators',
      {
        config: { ...requireScope('operate').config, bodyTimes: CSV_TIMES },
        bodyLimit: JSON_LIMIT_BYTES,
        schema: {
          tags: ['creators'],
          summary: 'Register creators, from text/csv or a JSON array: all of them or none',
          description:
            'Creators that are not in the import are unchanged. CSV has a header: creatorId, handle, country, joinedOn, followers, viewerIds, taxCountry, payee, account, scoutId, scoutedOn. ' +
            'A scout never changes once it is set; an import that leaves it out leaves it. ' +
            'Where the policy lists payees under approvals, changes of taxCountry, payee or account are not made: the answer is 202, with the ' +
            'request that waits for a second person. All else is registered.',
          consumes: [...CSV, 'application/json'],
          params: programParamsSchema,
          response: { 200: creatorsImportedSchema, 202: creatorsWaitingSchema },
        },
      },
      async (request, reply) => {
        const { program } = request.params;
        const { body } = request;
        await requireProgram(ledger.sql, program);
        // The creators of an import are in memory until it is done.
        if (importing) {
          throw new AppError('overloaded', 'An import is under way already; try again when it is done');
        }
        importing = true;
        try {
          const creators = required(
            body instanceof Readable ? await parseCreatorsCsv(limited(body)) : parseCreators(body),
          );
          const by = keyOf(request).keyHash;
          const { request: asked, waiting, ...outcome } = await importCreatorsOrAsk(ledger, program, creators, by);
          if (asked === undefined) {
            return { program, ...outcome };
          }
          const approval = toApprovalNeeded(program, asked, keyOf(request));
          return reply.code(202).send({ program, ...outcome, waiting: waiting.length, ...approval });
        } finally {
          importing = false;
        }
      },
    );
  });
}

async function* limited(payload: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of payload) {
    bytes += chunk.length;
    if (bytes > CSV_LIMIT_BYTES) {
      throw new AppError('too-large', `An import has at most ${CSV_LIMIT_BYTES} bytes; send it in parts`);
    }
    yield chunk;
  }
}

function required(parsed: Parsed<RegisteredCreator[]>): RegisteredCreator[] {
  if (parsed.ok) {
    return parsed.value;
  }
  throw new AppError('bad-creators', `The creators are not valid: ${describeIssues(parsed.issues.slice(0, 1))}`, {
    errors: parsed.issues.map((issue) => ({ path: issue.path, message: describeIssues([issue]) })),
  });
}
