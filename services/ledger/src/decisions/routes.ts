import {
  decideBodySchema,
  requestOutSchema,
  requestParamsSchema,
  requestsPageSchema,
  requestsQuerySchema,
} from '@rewardbook/contracts/api/approvals';
import { toPage } from '@rewardbook/contracts/values/cursor';
import { programParamsSchema } from '@rewardbook/contracts/values/slug';
import { requireProgram } from '@rewardbook/db/books/program';
import { keyOf, requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import { numberKeySchema, readCursor } from '@rewardbook/runtime/http/page-cursor';
import { maySeeAccounts, toRequestOut } from '../approvals/request-out.ts';
import { listRequests } from '../approvals/sql.ts';
import type { Ledger } from '../service/ledger.ts';
import { decide, requireRequest } from './decide.ts';

/** What waits for a second person. */
export function approvalRoutes(app: App, ledger: Ledger, now: () => number): void {
  app.get(
    '/v1/programs/:program/approvals',
    {
      config: { ...requireScope('read').config, isAudited: maySeeAccounts },
      schema: {
        tags: ['approvals'],
        summary: 'Requests for a second person, in order',
        params: programParamsSchema,
        querystring: requestsQuerySchema,
        response: { 200: requestsPageSchema },
      },
    },
    async (request) => {
      const { limit, cursor, status } = request.query;
      const { programId } = await requireProgram(ledger.sql, request.params.program);
      const rows = await listRequests(ledger.sql, programId, {
        ...(status === undefined ? {} : { status }),
        after: readCursor(cursor, numberKeySchema)?.[0] ?? 0,
        limit: limit + 1,
      });
      return toPage(
        rows.map((row) => toRequestOut(row, keyOf(request))),
        limit,
        (item) => [item.request],
      );
    },
  );

  app.get(
    '/v1/programs/:program/approvals/:request',
    {
      config: { ...requireScope('read').config, isAudited: maySeeAccounts },
      schema: {
        tags: ['approvals'],
        summary: 'A request: what will be done, who asked, who decided, what came of it',
        params: requestParamsSchema,
        response: { 200: requestOutSchema },
      },
    },
    async (request) => {
      const { programId } = await requireProgram(ledger.sql, request.params.program);
      return toRequestOut(await requireRequest(ledger, programId, request.params.request), keyOf(request));
    },
  );

  for (const [verb, isApproved] of [
    ['approve', true],
    ['reject', false],
  ] as const) {
    app.post(
      `/v1/programs/:program/approvals/:request/${verb}`,
      {
        ...requireScope('approve'),
        schema: {
          tags: ['approvals'],
          summary: isApproved ? 'Approve a request and carry it out; not by whoever asked' : 'Reject a request',
          params: requestParamsSchema,
          body: decideBodySchema,
          response: { 200: requestOutSchema },
        },
      },
      async (request) => {
        const { program, request: number } = request.params;
        const decision = { isApproved, ...request.body };
        const key = keyOf(request);
        return toRequestOut(await decide(ledger, program, number, decision, { actor: key.keyHash, now: now() }), key);
      },
    );
  }
}
