import * as events from '@rewardbook/replay/replay';
import { ReplayError } from '@rewardbook/replay/replay-error';
import type { ReplaySummary } from '@rewardbook/replay/tally';
import type { Client } from '../../client/client.ts';
import { inputError, serverError } from '../../terminal/failure.ts';
import { ingestOf } from './ingest.ts';

/** A replay to a program of a system. */
export interface ProgramReplayPlan extends events.ReplayPlan {
  readonly program: string;
}

/** Sends events to a system and answers once all are durable. @throws CliFailure */
export async function replay(client: Client, plan: ProgramReplayPlan, signal: AbortSignal): Promise<ReplaySummary> {
  return asFailures(() => events.replay(ingestOf(client, plan.program, signal), plan, signal));
}

/** Waits until the ledger has tallied every batch of the program. @throws CliFailure 3 where it makes no headway */
export async function untilTallied(client: Client, program: string, signal: AbortSignal): Promise<void> {
  await asFailures(() => events.untilTallied(ingestOf(client, program, signal), signal));
}

async function asFailures<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ReplayError) {
      throw error.kind === 'input' ? inputError(error.message, error) : serverError(error.message, error);
    }
    throw error;
  }
}
