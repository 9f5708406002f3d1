import { Readable } from 'node:stream';
import { payoutProofSchema, proofParamsSchema } from '@rewardbook/contracts/api/proof';
import { type PayoutProof, proofText } from '@rewardbook/domain/proofs/verify-proof';
import { requireScope } from '@rewardbook/runtime/access/api-key';
import type { App } from '@rewardbook/runtime/app';
import type { FastifyReply } from 'fastify';
import type { Ledger } from '../service/ledger.ts';
import { proofs } from './read-proof.ts';

/** Proofs of payout. */
export function proofRoutes(app: App, ledger: Ledger): void {
  const readProof = proofs(ledger);
  app.get(
    '/v1/programs/:program/periods/:period/creators/:creator/proof',
    {
      ...requireScope('read'),
      schema: {
        tags: ['proofs'],
        summary: 'A creator’s proof of payout for a closed period, to be checked against the root in the close’s entry',
        params: proofParamsSchema,
        response: {
          200: { description: 'The proof', content: { 'application/json': { schema: payoutProofSchema } } },
        },
      },
    },
    (request, reply) => {
      const { program, period, creator } = request.params;
      answer(reply, readProof(program, period, creator));
    },
  );
}

/** A stream sends the text unchanged; an object would be serialized again by its schema, and every byte counts. */
function answer(reply: FastifyReply, reading: Promise<PayoutProof>): void {
  reading.then(
    (proof) => reply.type('application/json; charset=utf-8').send(Readable.from([proofText(proof)])),
    (error: unknown) => reply.send(error),
  );
}
