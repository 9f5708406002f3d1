import { readFile } from 'node:fs/promises';
import { describeIssues } from '@rewardbook/contracts/issue';
import { parsePolicyFile } from '@rewardbook/contracts/policy-file';
import type { RevenueBody } from '@rewardbook/contracts/revenue';
import type { Policy } from '@rewardbook/domain/policy';
import { sortUtf8 } from '@rewardbook/domain/utf8-order';
import { eventLine } from '@rewardbook/simulate/generator/event-line';
import { generateEvents } from '@rewardbook/simulate/generator/events';
import { readScenario, type Scenario } from '@rewardbook/simulate/generator/scenario';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { failed } from '../failure.ts';
import type { Line } from '../lines.ts';

/** A seed pack: a program with everything that goes into it. */
export interface Pack {
  readonly policy: Policy;
  /** CSV, as it lies in the pack. */
  readonly creators: string;
  readonly revenue: readonly RevenueBody[];
  readonly scenario: Scenario;
}

const revenueRow = z.object({ period: z.string(), amount: z.string(), reference: z.string() });

/** Reads a pack. @throws CliFailure 3 where a file of it is missing or wrong */
export async function readPack(name: string): Promise<Pack> {
  const folder = new URL(`../../../../seeds/${name}/`, import.meta.url);
  const read = (file: string): Promise<string> =>
    readFile(new URL(file, folder), 'utf8').catch((error: unknown) => {
      throw failed(`The seed pack ${name} has no ${file}: is this checkout whole?`, error);
    });
  const policy = parsePolicyFile(await read('policy.yaml'));
  if (!policy.ok) throw failed(`seeds/${name}/policy.yaml is not a policy:\n${describeIssues(policy.issues)}`);
  const rows: unknown = parse(await read('revenue.csv'), { columns: true, skip_empty_lines: true });
  return {
    policy: policy.value,
    creators: await read('creators.csv'),
    revenue: z.array(revenueRow).parse(rows),
    scenario: readScenario(await read('scenario.yaml')),
  };
}

/** The pack's events as lines to be sent, made as they are read: the same ones every time. */
export async function* packLines(scenario: Scenario): AsyncGenerator<Line> {
  let number = 0;
  for (const event of generateEvents(scenario)) {
    number += 1;
    yield { bytes: Buffer.from(eventLine(event), 'utf8'), number };
  }
}

/** Periods that have revenue, in order. */
export function periodsOf({ revenue }: Pack): string[] {
  return sortUtf8([...new Set(revenue.map(({ period }) => period))]); // labels of one kind: byte order is order of time
}
