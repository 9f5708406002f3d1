import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { RevenueBody } from '@rewardbook/contracts/api/revenue';
import { parseCreatorsCsv } from '@rewardbook/contracts/files/creators-csv';
import { parsePolicyFile } from '@rewardbook/contracts/files/policy-file';
import { describeIssues } from '@rewardbook/contracts/values/issue';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { sortUtf8 } from '@rewardbook/domain/values/utf8-order';
import { readScenario, type Scenario } from '@rewardbook/simulate/generator/scenario';
import { ScenarioError } from '@rewardbook/simulate/generator/scenario-fields';
import { parse } from 'csv-parse/sync';
import { z } from 'zod';
import { inputError, serverError } from '../terminal/failure.ts';
import { textOf } from './input.ts';

/** A seed pack: a program with everything that goes into it. */
export interface Pack {
  readonly policy: Policy;
  /** CSV, as it lies in the pack. */
  readonly creators: string;
  readonly revenue: readonly RevenueBody[];
  readonly scenario: Scenario;
}

const SEEDS = fileURLToPath(new URL('../../../../seeds/', import.meta.url));
const PACK_NAME = /^[a-z0-9-]+(\/[a-z0-9-]+)?$/;
const SCENARIO = 'scenario.yaml';
const YAML_FILE = /\.ya?ml$/;

const revenueRow = z.object({ period: z.string(), amount: z.string(), reference: z.string() });

/** Reads a pack by its name in `seeds` or by its folder. @throws CliFailure 2 if it does not exist, 3 if a file of it is missing or wrong */
export async function readPack(given: string): Promise<Pack> {
  const folder = await packFolder(given);
  if (folder === undefined) {
    throw await noPack(given);
  }
  const read = (file: string): Promise<string> =>
    readFile(join(folder, file)).then(
      (bytes) => textOf(bytes, join(folder, file)),
      (error: unknown) => {
        throw serverError(`The pack ${given} has no ${file}: is it whole?`, error);
      },
    );
  const policy = parsePolicyFile(await read('policy.yaml'));
  if (!policy.ok) {
    throw serverError(`policy.yaml of ${given} is not a policy:\n${describeIssues(policy.issues)}`);
  }
  const rows: unknown = parse(await read('revenue.csv'), { columns: true, skip_empty_lines: true });
  return {
    policy: policy.value,
    creators: await read('creators.csv'),
    revenue: z.array(revenueRow).parse(rows),
    scenario: scenarioOf(await read(SCENARIO), join(folder, SCENARIO)),
  };
}

/** The scenario of a pack (by name or folder), or in a file. @throws CliFailure 2 if it does not exist or is wrong */
export async function findScenario(given: string): Promise<Scenario> {
  const folder = await packFolder(given);
  const file = folder === undefined ? given : join(folder, SCENARIO);
  if (folder === undefined && !(YAML_FILE.test(given) && (await exists(given)))) {
    throw await noPack(given);
  }
  return scenarioOf(textOf(await readFile(file), file), file);
}

/** The registered creators of a pack. @throws CliFailure 3 where its file is wrong */
export async function creatorsOf({ creators, policy }: Pack): Promise<RegisteredCreator[]> {
  const parsed = await parseCreatorsCsv(creators);
  if (parsed.ok) {
    return parsed.value;
  }
  throw serverError(`creators.csv of ${policy.program} is not a creators file:\n${describeIssues(parsed.issues)}`);
}

/** Whether this names a pack, not only a scenario. */
export async function isPack(given: string): Promise<boolean> {
  const folder = await packFolder(given);
  return folder !== undefined && (await exists(join(folder, 'policy.yaml')));
}

/** Periods that have revenue, in order. */
export function periodsOf({ revenue }: Pack): string[] {
  return sortUtf8([...new Set(revenue.map(({ period }) => period))]); // labels of one kind: byte order is order of time
}

/** Names of the packs in `seeds`; a program of several is `pack/program`. */
export async function packNames(): Promise<string[]> {
  const files = await readdir(SEEDS, { recursive: true });
  const folders = files
    .filter((file) => file.endsWith(`/${SCENARIO}`))
    .map((file) => file.slice(0, -SCENARIO.length - 1));
  return sortUtf8(folders);
}

/** A name means a pack in `seeds`; anything else a folder. Undefined where there is no scenario. */
async function packFolder(given: string): Promise<string | undefined> {
  const places = PACK_NAME.test(given) ? [join(SEEDS, given), given] : [given];
  for (const place of places) {
    if (await exists(join(place, SCENARIO))) {
      return place;
    }
  }
  return undefined;
}

function scenarioOf(text: string, file: string): Scenario {
  try {
    return readScenario(text);
  } catch (error) {
    // The YAML parser's errors name line and column.
    const isWrong = error instanceof ScenarioError || (error instanceof Error && error.name.startsWith('YAML'));
    throw isWrong ? inputError(`${file} is not a scenario: ${error.message}`, error) : error;
  }
}

async function noPack(given: string) {
  const names = await packNames();
  return inputError(`There is no pack or scenario file ${given}; the packs are ${names.join(', ')}`);
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
