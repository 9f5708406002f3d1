import { creatorsPageSchema } from '@rewardbook/contracts/api/creators';
import { periodsPageSchema } from '@rewardbook/contracts/api/periods';
import { policiesPageSchema, policyVersionDetailSchema, programOutSchema } from '@rewardbook/contracts/api/programs';
import { periodResultSchema } from '@rewardbook/contracts/api/result';
import { parsePolicy } from '@rewardbook/contracts/files/policy';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { RecordingReader } from '@rewardbook/lab/recording/read-recording';
import { parseAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import type { SimulatedPolicy, SimulationOptions } from '@rewardbook/simulate/closes/simulation';
import type { AcceptedEvents } from '@rewardbook/simulate/events/accepted-events';
import type { z } from 'zod';
import { addressOf, askJson, askText, path } from '../../../api/client.ts';

const PAGE = 1_000;

type ProgramOptions = Pick<SimulationOptions, 'policies' | 'creators' | 'revenue'>;

/** What a simulation needs of a program, and its periods. */
export interface ProgramNow extends ProgramOptions {
  readonly periods: readonly { readonly period: string; readonly status: 'open' | 'closing' | 'closed' }[];
}

/** Reads the present policies, registry and revenue of a program. */
export async function readProgram(program: string, signal: AbortSignal): Promise<ProgramNow> {
  const { currency } = await askJson(
    { service: 'ledger', path: path`/v1/programs/${program}`, signal },
    programOutSchema,
  );
  const versions = await all(path`/v1/programs/${program}/policies`, policiesPageSchema, signal);
  const policies: SimulatedPolicy[] = [];
  for (const { version } of versions) {
    const detail = await askJson(
      { service: 'ledger', path: path`/v1/programs/${program}/policies/${String(version)}`, signal },
      policyVersionDetailSchema,
    );
    const parsed = parsePolicy(detail.policy);
    if (!parsed.ok) {
      throw new Error(`Version ${version} of the policy cannot be read: update the console`);
    }
    policies.push({ policy: parsed.value, policyHash: detail.policyHash, validFrom: detail.validFrom });
  }
  const registered = await all(path`/v1/programs/${program}/creators`, creatorsPageSchema, signal);
  const creators: RegisteredCreator[] = registered.map((one) => ({ ...one, payee: null, account: null }));
  const periods = await all(path`/v1/programs/${program}/periods`, periodsPageSchema, signal);
  const revenue = new Map(
    periods.map(({ period, revenueEntries }) => [period, parseAmount(revenueEntries, currencyOf(currency))]),
  );
  return { policies, creators, revenue, periods };
}

/** The result of a closed period, or of a close as it would be now, as the ledger writes it. */
export async function ledgerResult(program: string, period: string, isClosed: boolean, signal: AbortSignal) {
  const text = isClosed
    ? await askText({ service: 'ledger', path: path`/v1/programs/${program}/periods/${period}/result`, signal })
    : await askText({
        ...{ service: 'ledger', method: 'POST', signal },
        path: path`/v1/programs/${program}/periods/${period}/close`,
        query: { dryRun: true },
      });
  return { text, result: periodResultSchema.parse(JSON.parse(text)) };
}

/** All events that are recorded for a program. */
export async function recordedEvents(program: string, signal: AbortSignal): Promise<AcceptedEvents> {
  const address = addressOf({ service: 'reports', path: path`/v1/programs/${program}/lab/recording` });
  const answer = await fetch(address, { credentials: 'same-origin', cache: 'no-store', signal });
  if (!answer.ok || answer.body === null) {
    throw new Error(`The recorded events could not be read: the answer was ${answer.status}`);
  }
  const reader = new RecordingReader();
  const body = answer.body.getReader();
  for (let next = await body.read(); !next.done; next = await body.read()) {
    reader.push(next.value);
  }
  return reader.end().events;
}

async function all<Item>(
  address: string,
  schema: z.ZodType<{ items: Item[]; nextCursor: string | null }>,
  signal: AbortSignal,
): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await askJson({ service: 'ledger', path: address, query: { limit: PAGE, cursor }, signal }, schema);
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}
