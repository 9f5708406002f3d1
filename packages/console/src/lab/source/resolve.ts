import { periodOutSchema } from '@rewardbook/contracts/api/periods';
import { policyVersionDetailSchema, programOutSchema } from '@rewardbook/contracts/api/programs';
import { readColumns } from '@rewardbook/contracts/files/event-tables/event-columns';
import { parsePolicy } from '@rewardbook/contracts/files/policy';
import { parsePolicyFile } from '@rewardbook/contracts/files/policy-file';
import { describeIssues, type Parsed } from '@rewardbook/contracts/values/issue';
import { comparePeriods } from '@rewardbook/domain/values/period';
import type { GivenRevenue } from '@rewardbook/lab/question/question';
import { parseDocument } from 'yaml';
import { addressOf, askJson, path } from '../../api/client.ts';
import { wholeList } from '../../api/pages.ts';
import { queryClient } from '../../api/query-client.ts';
import { loadPackFile, loadPackRevenue } from '../../packs/packs.ts';
import { type LabSearch, labEventsSchema } from '../address/lab-search.ts';
import { fromLinked } from '../address/linked-text.ts';
import type { EventsToOpen } from '../worker/messages.ts';

/** A file that was chosen; a link cannot hold it, so it is asked for again after a reload. */
export interface ChosenFile {
  readonly name: string;
  readonly file: File;
  readonly creators: File | undefined;
}

let chosen: ChosenFile | undefined;

export function keepFile(file: ChosenFile): void {
  chosen = file;
}

/** Events that the address names, but are not here. */
export class FileMissing extends Error {
  override readonly name = 'FileMissing';
}

/** The parts of an address that say which events. */
export function sourceKey(search: LabSearch): string | undefined {
  const events = labEventsSchema.parse(search);
  const hasEvents = events.pack !== undefined || events.program !== undefined || events.file !== undefined;
  return hasEvents ? JSON.stringify(events) : undefined;
}

/** What the worker is to open. @throws ApiProblem, ServiceLost, FileMissing, Error that says what to do */
export async function resolveSource(search: LabSearch): Promise<EventsToOpen> {
  if (search.program !== undefined) {
    return recorded(search.program, search);
  }
  if (search.file !== undefined) {
    return fromFile(search.file, search);
  }
  return fromPack(search.pack ?? '', search);
}

async function fromPack(name: string, search: LabSearch): Promise<EventsToOpen> {
  const { seed, events, creators, viewers } = search;
  const written =
    search.scenario === undefined ? await loadPackFile(name, 'scenario.yaml') : await fromLinked(search.scenario);
  const isPack = search.scenario === undefined && creators === undefined && viewers === undefined;
  return {
    kind: 'scenario',
    scenario: isPack ? written : sized(written, { seed, events, creators, viewers }),
    isPack,
    size: isPack ? { ...(seed === undefined ? {} : { seed }), ...(events === undefined ? {} : { events }) } : {},
    policy: accepted(parsePolicyFile(await loadPackFile(name, 'policy.yaml'))),
    revenue: await revenueOf(search, await loadPackRevenue(name)),
  };
}

/** The scenario with what is asked for written into it. */
function sized(scenario: string, size: Readonly<Record<string, number | undefined>>): string {
  const document = parseDocument(scenario);
  for (const [key, value] of Object.entries(size)) {
    if (value !== undefined) {
      document.set(key, value);
    }
  }
  return String(document);
}

async function fromFile(name: string, search: LabSearch): Promise<EventsToOpen> {
  if (chosen?.name !== name) {
    throw new FileMissing(`The events are in the file ${name}, which a link cannot hold: choose it again`);
  }
  return {
    kind: 'file',
    file: chosen.file,
    columns: search.columns === undefined ? undefined : accepted(readColumns(search.columns), 'The columns'),
    assumeUtc: search.utc === 'yes',
    creators: chosen.creators,
    policy: accepted(parsePolicyFile(await fromLinked(search.base ?? ''))),
    revenue: await revenueOf(search, []),
  };
}

async function recorded(program: string, search: LabSearch): Promise<EventsToOpen> {
  const [{ policyVersion }, { items }] = await Promise.all([
    askJson({ service: 'ledger', path: path`/v1/programs/${program}` }, programOutSchema),
    queryClient.fetchQuery(
      wholeList({ service: 'ledger', path: path`/v1/programs/${program}/periods` }, periodOutSchema),
    ),
  ]);
  const version = await askJson(
    { service: 'ledger', path: path`/v1/programs/${program}/policies/${String(policyVersion)}` },
    policyVersionDetailSchema,
  );
  const { from, to = items.findLast(({ status }) => status === 'closed')?.period ?? items.at(-1)?.period } = search;
  const asked = items.filter(
    ({ period }) => to !== undefined && comparePeriods(period, from ?? to) >= 0 && comparePeriods(period, to) <= 0,
  );
  if (asked.length === 0) {
    throw new Error(`${program} has no revenue in these periods: book some, or choose others`);
  }
  return {
    kind: 'recorded',
    program,
    address: addressOf({
      service: 'reports',
      path: path`/v1/programs/${program}/lab/recording`,
      query: { period: to },
    }),
    openPolicy: accepted(parsePolicy(version.policy)),
    revenue: await revenueOf(
      search,
      asked.map(({ period, revenueEntries }) => ({ period, amount: revenueEntries })),
    ),
  };
}

/** Revenue as the address has it, "2026-10=1000.00,2026-11=5.00", else what belongs to the events. */
async function revenueOf({ revenue }: LabSearch, own: readonly GivenRevenue[]): Promise<readonly GivenRevenue[]> {
  return revenue === undefined ? own : readRevenueText(await fromLinked(revenue));
}

export function readRevenueText(text: string): GivenRevenue[] {
  return text
    .split(/[\s,;]+/)
    .filter((part) => part !== '')
    .map((part) => {
      const [period = '', amount = ''] = part.split('=');
      return { period, amount };
    });
}

function accepted<Value>(parsed: Parsed<Value>, what = 'The policy of these events'): Value {
  if (parsed.ok) {
    return parsed.value;
  }
  throw new Error(`${what} cannot be read: ${describeIssues(parsed.issues)}`);
}
