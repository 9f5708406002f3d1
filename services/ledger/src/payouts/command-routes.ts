import { approvalNeededSchema } from '@rewardbook/contracts/api/approvals';
import {
  approveBodySchema,
  discardBodySchema,
  returnBodySchema,
  returnedSchema,
  runChangedSchema,
  runParamsSchema,
  settleBodySchema,
} from '@rewardbook/contracts/api/payout-runs';
import { requireProgram } from '@rewardbook/db/books/program';
import { payoutId } from '@rewardbook/domain/payouts/payout-run';
import { keyOf, requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import type { FastifyRequest } from 'fastify';
import { doOrAsk } from '../approvals/gate.ts';
import { toApprovalNeeded } from '../approvals/request-out.ts';
import type { Caller } from '../service/caller.ts';
import type { Ledger } from '../service/ledger.ts';
import { moneyOut, toRunOut } from './payout-run-out.ts';
import { approveRun, discardRun, exportRun, planReturn, settleRun } from './payout-runs.ts';
import type { ChangedRun } from './run-command.ts';

const BASE = '/v1/programs/:program/payout-runs/:run';

/** What is decided on a payout run. Repeating a command has no further effect. */
export function payoutRunCommands(app: App, ledger: Ledger, now: () => number): void {
  const by = (request: FastifyRequest): Caller => ({ actor: keyOf(request).keyHash, now: now() });
  statusRoutes(app, ledger, by);
  returnRoute(app, ledger, by);
}

type CallerOf = (request: FastifyRequest) => Caller;

/** Commands that take a run from one status to the next. */
function statusRoutes(app: App, ledger: Ledger, by: CallerOf): void {
  const answer = async (program: string, { repeated, ...run }: ChangedRun) => {
    const { currency } = await requireProgram(ledger.sql, program);
    return { ...toRunOut(run, currency), repeated };
  };
  const schema = (summary: string) => ({
    tags: ['payouts'],
    summary,
    params: runParamsSchema,
    response: { 200: runChangedSchema },
  });

  app.post(
    `${BASE}/approve`,
    {
      ...requireScope('approve'),
      schema: {
        ...schema('Approve a draft and post it; not by whoever drafted it, and only while it is what was drafted'),
        body: approveBodySchema,
      },
    },
    async (request) => {
      const { program, run } = request.params;
      return answer(program, await approveRun(ledger, program, run, request.body.contentHash, by(request)));
    },
  );

  app.post(
    `${BASE}/discard`,
    { ...requireScope('operate'), schema: { ...schema('Put a draft away'), body: discardBodySchema } },
    async (request) => {
      const { program, run } = request.params;
      return answer(program, await discardRun(ledger, program, run, request.body.reason, by(request)));
    },
  );

  app.post(
    `${BASE}/export`,
    { ...requireScope('operate'), schema: schema('Mark an approved run as handed to the bank') },
    async (request) => {
      const { program, run } = request.params;
      return answer(program, await exportRun(ledger, program, run, by(request)));
    },
  );

  app.post(
    `${BASE}/settle`,
    {
      ...requireScope('operate'),
      schema: { ...schema('The bank paid an exported run: clearing to cash'), body: settleBodySchema },
    },
    async (request) => {
      const { program, run } = request.params;
      return answer(program, await settleRun(ledger, program, run, request.body.reference, by(request)));
    },
  );
}

function returnRoute(app: App, ledger: Ledger, by: CallerOf): void {
  app.post(
    `${BASE}/returns`,
    {
      ...requireScope('operate'),
      schema: {
        tags: ['payouts'],
        summary: 'A payout came back, before or after settlement: to the creator, who is on hold from then on',
        description: 'Answers 202 with the request where a second person has to approve first.',
        params: runParamsSchema,
        body: returnBodySchema,
        response: { 200: returnedSchema, 201: returnedSchema, 202: approvalNeededSchema },
      },
    },
    async (request, reply) => {
      const { program, run } = request.params;
      const { currency } = await requireProgram(ledger.sql, program);
      const answer = await doOrAsk(ledger, await planReturn(ledger, program, run, request.body, by(request)));
      if (!answer.done) {
        return reply.code(202).send(toApprovalNeeded(program, answer.request, keyOf(request)));
      }
      const { payoutNumber, ...returned } = answer.value;
      return reply.code(returned.repeated ? 200 : 201).send({
        ...returned,
        runId: run,
        payoutId: payoutId(run, payoutNumber),
        net: moneyOut(returned.net, currency),
        taxBack: moneyOut(returned.taxBack, currency),
      });
    },
  );
}
