import {
  creatorsImportedSchema,
  creatorsPageSchema,
  creatorsQuerySchema,
  parseCreators,
} from '@rewardbook/contracts/creators';
import { parseCreatorsCsv } from '@rewardbook/contracts/creators-csv';
import { toPage } from '@rewardbook/contracts/cursor';
import { describeIssues, type Parsed } from '@rewardbook/contracts/issue';
import { programParamsSchema } from '@rewardbook/contracts/slug';
import type { RegisteredCreator } from '@rewardbook/domain/creator';
import { requireScope } from '@rewardbook/runtime/api-key';
import type { App } from '@rewardbook/runtime/app';
import { AppError } from '@rewardbook/runtime/errors';
import { z } from 'zod';
import { listCreators } from '../store/creator-store.ts';
import { readHead } from '../store/program-store.ts';
import { requireProgram } from '../use-cases/find-program.ts';
import { importCreators } from '../use-cases/import-creators.ts';
import type { Ledger } from '../use-cases/ledger.ts';
import { cursorKey, textKey } from './lists.ts';

const IMPORT_LIMIT_BYTES = 512_000_000;

/** The registry of creators. */
export function creatorRoutes(app: App, ledger: Ledger): void {
  // Parsed as it arrives: a file of a million creators is never held as text.
  app.addContentTypeParser(['text/csv', 'application/csv'], (_request, payload, done) => {
    const parsed = parseCreatorsCsv(limited(payload));
    parsed.catch(() => undefined); // thrown where the handler awaits it; until then it must not count as unhandled
    done(null, parsed);
  });

  app.post(
    '/v1/programs/:program/creators',
    {
      ...requireScope('operate'),
      bodyLimit: IMPORT_LIMIT_BYTES,
      schema: {
        tags: ['creators'],
        summary: 'Register creators, from text/csv or a JSON array: all of them or none',
        description:
          'Creators that are not in the import stay as they are. CSV has a header: creatorId, handle, country, joinedOn, followers, viewerIds, taxCountry, payee, account.',
        consumes: ['text/csv', 'application/json'],
        params: programParamsSchema,
        response: { 200: creatorsImportedSchema },
      },
    },
    async (request) => {
      const { program } = request.params;
      const { body } = request;
      const creators = required(body instanceof Promise ? await csvOf(body) : parseCreators(body));
      const outcome = await importCreators(ledger, program, creators);
      return { program, ...outcome };
    },
  );

  app.get(
    '/v1/programs/:program/creators',
    {
      ...requireScope('read'),
      schema: {
        tags: ['creators'],
        summary: 'Registered creators by creatorId',
        params: programParamsSchema,
        querystring: creatorsQuerySchema,
        response: { 200: creatorsPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const { programId } = await requireProgram(ledger.sql, request.params.program);
      const { creatorsVersion } = await readHead(ledger.sql, programId);
      const after = cursorKey(cursor, textKey)?.[0] ?? '';
      const creators = await listCreators(ledger.sql, programId, creatorsVersion, { after, limit: limit + 1 });
      const items = creators.map((creator) => ({ ...creator, viewerIds: [...creator.viewerIds] }));
      return toPage(items, limit, (item) => [item.creatorId]);
    },
  );
}

async function* limited(payload: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let bytes = 0;
  for await (const chunk of payload) {
    bytes += chunk.length;
    if (bytes > IMPORT_LIMIT_BYTES) {
      throw new AppError('too-large', `An import has at most ${IMPORT_LIMIT_BYTES} bytes; send it in parts`);
    }
    yield chunk;
  }
}

const parsedSchema = z.custom<Parsed<RegisteredCreator[]>>((value) => typeof value === 'object' && value !== null);

async function csvOf(body: Promise<unknown>): Promise<Parsed<RegisteredCreator[]>> {
  return parsedSchema.parse(await body);
}

function required(parsed: Parsed<RegisteredCreator[]>): RegisteredCreator[] {
  if (parsed.ok) return parsed.value;
  throw new AppError('bad-creators', `The creators are not valid: ${describeIssues(parsed.issues.slice(0, 1))}`, {
    errors: parsed.issues.map((issue) => ({ path: issue.path, message: describeIssues([issue]) })),
  });
}
