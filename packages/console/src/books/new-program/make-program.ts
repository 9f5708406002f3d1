import { creatorsImportedSchema, creatorsWaitingSchema } from '@rewardbook/contracts/api/creators';
import { putProgramResponseSchema } from '@rewardbook/contracts/api/programs';
import { revenueBookedSchema } from '@rewardbook/contracts/api/revenue';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { z } from 'zod';
import { askJson, path } from '../../api/client.ts';
import { isApprovalNeeded, orApproval } from '../../api/command.ts';
import { counted } from '../../format/counts.ts';
import type { ProgramPack } from './program-pack.ts';

/** What is made: a program by its policy; with a pack, its creators and its revenue too. */
export interface NewProgram {
  readonly policy: Policy;
  readonly pack: ProgramPack | undefined;
}

/**
 * Makes a program, a step after the other. Each step may be repeated: the same policy, creators and references change nothing, so
 * that who tries again after a failure goes on where it stopped.
 *
 * @param say what is done, a line a step
 * @throws ApiProblem, ServiceLost where a step failed; those before it are done
 */
export async function makeProgram({ policy, pack }: NewProgram, say: (line: string) => void): Promise<void> {
  const base = path`/v1/programs/${policy.program}`;
  const applied = await askJson(
    { service: 'ledger', method: 'PUT', path: base, body: policy },
    orApproval(putProgramResponseSchema),
  );
  say(
    isApprovalNeeded(applied)
      ? `Request ${applied.approval.request} for its policy waits for a second person`
      : `The program is there, with policy version ${applied.version}`,
  );
  if (pack === undefined) {
    return;
  }
  const creators = await askJson(
    {
      service: 'ledger',
      method: 'POST',
      path: `${base}/creators`,
      body: new Blob([pack.creators], { type: 'text/csv' }),
    },
    z.union([creatorsWaitingSchema, creatorsImportedSchema]),
  );
  say(`${counted(creators.received, 'creator')} registered`);
  for (const entry of pack.revenue) {
    const booked = await askJson(
      { service: 'ledger', method: 'POST', path: `${base}/revenue`, body: entry },
      orApproval(revenueBookedSchema),
    );
    say(
      isApprovalNeeded(booked)
        ? `Request ${booked.approval.request} for revenue of ${entry.period} waits for a second person`
        : `Revenue of ${entry.period}: ${booked.entryKey}`,
    );
  }
}
