import { approvalNeededSchema } from '@rewardbook/contracts/api/approvals';
import {
  type PolicyVersionOut,
  type ProgramOut,
  policiesPageSchema,
  policyParamsSchema,
  policyVersionDetailSchema,
  programOutSchema,
  programsPageSchema,
  programsQuerySchema,
  putProgramQuerySchema,
  putProgramResponseSchema,
} from '@rewardbook/contracts/api/programs';
import { policySchema } from '@rewardbook/contracts/files/policy';
import { toPage } from '@rewardbook/contracts/values/cursor';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import {
  findPolicy,
  listPolicyVersions,
  newestPolicy,
  type StoredPolicy,
  type StoredVersion,
} from '@rewardbook/db/books/policies';
import { listPrograms, type Program, requireProgram } from '@rewardbook/db/books/program';
import { keyOf, requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { AppError } from '@rewardbook/runtime/http/errors';
import { numberKeySchema, readCursor, textKeySchema } from '@rewardbook/runtime/http/page-cursor';
import { toApprovalNeeded } from '../approvals/request-out.ts';
import type { Ledger } from '../service/ledger.ts';
import { applyPolicyOrAsk } from './apply-policy.ts';

// Blocked lists may have 100,000 ids of 128 characters each.
const POLICY_LIMIT_BYTES = 64_000_000;

/** Programs and the versions of their policies. */
export function programRoutes(app: App, ledger: Ledger): void {
  applyPolicyRoute(app, ledger);
  programsRoute(app, ledger);
  programRoute(app, ledger);
  policiesRoute(app, ledger);
  policyRoute(app, ledger);
}

function applyPolicyRoute(app: App, ledger: Ledger): void {
  app.put(
    '/v1/programs/:program',
    {
      ...requireScope('operate'),
      bodyLimit: POLICY_LIMIT_BYTES,
      schema: {
        tags: ['programs'],
        summary: 'Apply a policy: make the program, or add a version',
        params: programParamsSchema,
        querystring: putProgramQuerySchema,
        body: policySchema,
        response: { 200: putProgramResponseSchema, 201: putProgramResponseSchema, 202: approvalNeededSchema },
      },
    },
    async (request, reply) => {
      const { program } = request.params;
      const answer = await applyPolicyOrAsk(ledger, {
        program,
        policy: request.body,
        from: request.query.from,
        actor: keyOf(request).keyHash,
      });
      if (!answer.done) {
        return reply.code(202).send(toApprovalNeeded(program, answer.request, keyOf(request)));
      }
      const applied = answer.value;
      return reply.code(applied.changed ? 201 : 200).send({ program, ...toVersion(applied), changed: applied.changed });
    },
  );
}

function programsRoute(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs',
    {
      ...requireScope('read', 'narrowed'),
      schema: {
        tags: ['programs'],
        summary: 'Programs by slug; those that the key is for',
        querystring: programsQuerySchema,
        response: { 200: programsPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const programs = await listPrograms(ledger.sql, {
        of: keyOf(request).programs,
        after: readCursor(cursor, textKeySchema)?.[0] ?? '',
        limit: limit + 1,
      });
      const items: ProgramOut[] = [];
      for (const program of programs) {
        items.push(toProgramOut(program, await newestPolicy(ledger.sql, program.programId)));
      }
      return toPage(items, limit, (item) => [item.program]);
    },
  );
}

function programRoute(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program',
    {
      ...requireScope('read'),
      schema: {
        tags: ['programs'],
        summary: 'A program and its newest policy',
        params: programParamsSchema,
        response: { 200: programOutSchema },
      },
    },
    async (request) => {
      const program = await requireProgram(ledger.sql, request.params.program);
      return toProgramOut(program, await newestPolicy(ledger.sql, program.programId));
    },
  );
}

function policiesRoute(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/policies',
    {
      ...requireScope('read'),
      schema: {
        tags: ['programs'],
        summary: 'Versions of a policy in order',
        params: programParamsSchema,
        querystring: programsQuerySchema,
        response: { 200: policiesPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor } = request.query;
      const { programId } = await requireProgram(ledger.sql, request.params.program);
      const after = readCursor(cursor, numberKeySchema)?.[0] ?? 0;
      const versions = await listPolicyVersions(ledger.sql, programId, { after, limit: limit + 1 });
      return toPage(versions.map(toVersion), limit, (item) => [item.version]);
    },
  );
}

function policyRoute(app: App, ledger: Ledger): void {
  app.get(
    '/v1/programs/:program/policies/:version',
    {
      ...requireScope('read'),
      schema: {
        tags: ['programs'],
        summary: 'A version with its whole policy, defaults filled in',
        params: policyParamsSchema,
        response: { 200: policyVersionDetailSchema },
      },
    },
    async (request) => {
      const { program, version } = request.params;
      const { programId } = await requireProgram(ledger.sql, program);
      const stored = await findPolicy(ledger.sql, programId, version);
      if (stored === undefined) {
        throw new AppError('not-found', `Program ${program} has no policy version ${version}`);
      }
      return { ...toVersion(stored), policy: { ...stored.policy } };
    },
  );
}

function toVersion({ version, validFrom, policyHash, createdAt }: StoredVersion): PolicyVersionOut {
  return { version, validFrom, policyHash, createdAt: createdAt.toISOString() };
}

function toProgramOut(
  { slug, currency, timeZone, periodKind, createdAt }: Program,
  { version, policy, policyHash }: StoredPolicy,
): ProgramOut {
  return {
    program: slug,
    name: policy.name,
    currency: currency.code,
    timeZone,
    period: periodKind,
    policyVersion: version,
    policyHash,
    createdAt: createdAt.toISOString(),
  };
}
