import { setTimeout as delay } from 'node:timers/promises';
import { type ApprovalNeeded, requestOutSchema } from '@rewardbook/contracts/api/approvals';
import {
  closeAcceptedSchema,
  closeCancelledSchema,
  type PeriodOut,
  periodOutSchema,
} from '@rewardbook/contracts/api/periods';
import { periodResultSchema } from '@rewardbook/contracts/api/result';
import { describeApproval, isApproved, orApproval } from '../../client/approval-needed.ts';
import { type Client, path } from '../../client/client.ts';
import { connectToSystem } from '../../client/connect.ts';
import { allItems } from '../../client/pages.ts';
import { printJson, printLine } from '../../files/output.ts';
import { CliFailure, serverError } from '../../terminal/failure.ts';
import { type Io, write } from '../../terminal/io.ts';
import { describeResult } from '../../terminal/period-result.ts';
import type { CloseOptions } from './command.ts';

const POLL_MS = 100;
/** A ledger that is restarted continues the close: it may be away for this long. */
const RETRY_FOR_MS = 120_000;
/** The ledger retries a failed attempt; a close that keeps failing is reported. */
const FAILING_FOR_MS = 30_000;

/** Closes a period, or shows what a close would give, and prints the result: with `json` exactly the ledger's bytes. */
export async function close(options: CloseOptions, io: Io): Promise<void> {
  const { program, period, dryRun, data, json } = options;
  const client = await connectToSystem(data, io);
  if (options.cancel) {
    return cancel(client, options, io);
  }
  const waiting = dryRun ? undefined : await closePeriod(client, program, period, io.signal);
  if (waiting !== undefined) {
    client.close();
    const text = describeApproval(program, waiting);
    return json ? printJson(io, waiting) : printLine(io, text);
  }
  const result = dryRun ? await dryRunOf(client, program, period) : await resultOf(client, program, period);
  if (json) {
    for await (const chunk of result) {
      await write(io.stdout, chunk);
    }
    await write(io.stdout, '\n');
  } else {
    const pieces: Buffer[] = [];
    for await (const chunk of result) {
      pieces.push(chunk);
    }
    const parsed = periodResultSchema.parse(JSON.parse(Buffer.concat(pieces).toString('utf8')));
    await write(io.stdout, `${dryRun ? 'Dry run, nothing was changed.\n' : ''}${describeResult(parsed)}`);
  }
  client.close();
}

/**
 * Asks the ledger to close a period and waits until it has.
 *
 * @returns undefined, or what waits for a second person, where the policy's approvals list closes
 * @throws CliFailure
 */
export async function closePeriod(
  client: Client,
  program: string,
  period: string,
  signal: AbortSignal,
): Promise<ApprovalNeeded | undefined> {
  const asked = await beginClose(client, program, period);
  if (asked !== undefined && !isApproved(asked)) {
    return asked;
  }
  let failingSince: number | undefined;
  for (;;) {
    const { status, failure } = await periodOf(client, program, period);
    if (status === 'closed') {
      return undefined;
    }
    if (status === 'open' && asked !== undefined) {
      // Approved and not begun: it may turn out to be impossible.
      const approval = await client.json({ service: 'ledger', scope: 'read', path: asked.poll }, requestOutSchema);
      if (approval.status === 'failed') {
        return { ...asked, approval };
      }
    }
    // The reason may read differently for each attempt: a full disk names other files and sizes.
    if (failure === null) {
      failingSince = undefined;
    } else {
      failingSince ??= Date.now();
    }
    if (failingSince !== undefined && Date.now() - failingSince > FAILING_FOR_MS) {
      throw serverError(
        `The close of ${period} goes on failing: ${failure}. The ledger tries again by itself; "rewardbook close --program ${program} ` +
          `--period ${period} --cancel" takes the close back, if something has to be put right first`,
      );
    }
    await delay(POLL_MS, undefined, { signal });
  }
}

/** Cancels a close that fails. */
async function cancel(client: Client, { program, period, json }: CloseOptions, io: Io): Promise<void> {
  const answer = await client.json(
    {
      service: 'ledger',
      scope: 'operate',
      method: 'DELETE',
      path: path`/v1/programs/${program}/periods/${period}/close`,
    },
    closeCancelledSchema,
  );
  client.close();
  if (json) {
    return printJson(io, answer);
  }
  return printLine(
    io,
    answer.cancelled
      ? `${period} is open again. Put right what made its close fail, then close it anew.`
      : `Nothing to do: no close of ${period} was begun.`,
  );
}

/** @returns what was asked of a second person, where one has to approve */
async function beginClose(client: Client, program: string, period: string): Promise<ApprovalNeeded | undefined> {
  let sentAgain = false;
  try {
    const answer = await client.json(
      {
        service: 'ledger',
        scope: 'operate',
        method: 'POST',
        path: path`/v1/programs/${program}/periods/${period}/close`,
        onRetry: () => {
          sentAgain = true;
        },
      },
      orApproval(closeAcceptedSchema),
    );
    return 'approval' in answer ? answer : undefined;
  } catch (error) {
    // What a broken connection hid may have begun the close, and even finished it: the second request is refused then.
    if (sentAgain && (await periodOf(client, program, period)).status !== 'open') {
      return undefined;
    }
    // So is a request for a close that has been approved since: its sender wants to see the result.
    if (error instanceof CliFailure && error.exitCode === 2 && (await wasApproved(client, program, period))) {
      return undefined;
    }
    throw error;
  }
}

async function wasApproved(client: Client, program: string, period: string): Promise<boolean> {
  const call = { service: 'ledger', scope: 'read', path: path`/v1/programs/${program}/approvals` } as const;
  const executed = await allItems(client, call, requestOutSchema, { status: 'executed' });
  return executed.some(({ kind, key }) => kind === 'close' && key === `close:${period}`);
}

/** The result of a closed period, as the ledger writes it. */
function resultOf(client: Client, program: string, period: string): Promise<AsyncIterable<Buffer>> {
  return client.stream({
    service: 'ledger',
    scope: 'read',
    path: path`/v1/programs/${program}/periods/${period}/result`,
    retryForMs: RETRY_FOR_MS,
  });
}

function dryRunOf(client: Client, program: string, period: string): Promise<AsyncIterable<Buffer>> {
  return client.stream({
    service: 'ledger',
    scope: 'operate',
    method: 'POST',
    path: `${path`/v1/programs/${program}/periods/${period}/close`}?dryRun=true`,
  });
}

function periodOf(client: Client, program: string, period: string): Promise<PeriodOut> {
  return client.json(
    {
      service: 'ledger',
      scope: 'read',
      path: path`/v1/programs/${program}/periods/${period}`,
      retryForMs: RETRY_FOR_MS,
    },
    periodOutSchema,
  );
}
