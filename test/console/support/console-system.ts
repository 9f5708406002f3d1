import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LocalUrls } from '@rewardbook/local/connection-file';
import { startLocal } from '@rewardbook/local/start-local';
import { HOSTILE_IDS } from '../../support/hostile-ids.ts';
import { runHere } from '../../support/test-run.ts';
import { makeDataFolder } from '../../support/up.ts';

export const PROGRAM = 'tiktok-cash-id';

/** Somebody who can sign in. */
export interface ConsolePerson {
  readonly name: string;
  readonly key: string;
}

export interface ConsoleSystem {
  /** Of the console. */
  readonly url: string;
  /** Where its data and its keys are. */
  readonly folder: string;
  readonly people: readonly ConsolePerson[];
  /** Of the services behind it. */
  readonly urls: LocalUrls;
  /** Of the database's owner: to look behind the services. */
  readonly ownerUrl: string;
  /** An address that signs in once, as the first of the people. */
  link(): string;
  /** Runs a command on the system. */
  run(args: string, stdin?: string): Promise<string>;
  close(): Promise<void>;
}

const READ = ['read', 'read:payments'] as const;
const PEOPLE = [
  { name: 'olga', scopes: ['operate', 'events:write', ...READ] },
  { name: 'ben', scopes: ['approve', ...READ] },
  { name: 'rita', scopes: ['read'] },
  // Made by nobody else: she can make keys, and is no second person for what they do.
  { name: 'petra', scopes: ['operate', 'approve', 'read'] },
] as const;

/** A real system with the demo's program: two months closed, some of its creators with hostile ids, a run drafted. */
export function startConsoleSystem({ events }: { readonly events: number }): Promise<ConsoleSystem> {
  return startSystem((run, folder) => feed(run, folder, events));
}

/** A real system in which nothing is yet. */
export function startEmptySystem(): Promise<ConsoleSystem> {
  return startSystem(async () => undefined);
}

/** The demo's program as `demo` has it, without anything strange: for pictures. */
export function startDemoSystem({ events }: { readonly events: number }): Promise<ConsoleSystem> {
  return startSystem((run, folder) => feedDemo(run, folder, events));
}

async function startSystem(fill: (run: RunCommand, folder: string) => Promise<void>): Promise<ConsoleSystem> {
  const folder = await makeDataFolder();
  const system = await startLocal({ dataDir: folder, port: 0, durable: false, people: PEOPLE });
  const close = async (): Promise<void> => {
    await system.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }); // Postgres may still be leaving
  };
  const run = async (args: string, stdin?: string): Promise<string> => {
    const words = args.split(' ');
    const place = words[0] === 'generate' ? [] : ['--data', folder];
    const { code, stdout, stderr } = await runHere([...words, ...place], stdin);
    if (code !== 0) {
      throw new Error(`rewardbook ${args}: ${code}: ${stderr}`);
    }
    return stdout;
  };
  try {
    await system.buildConsole();
    await fill(run, folder);
  } catch (error) {
    await close();
    throw error;
  }
  const people = [...system.peoplesKeys].map(([name, key]) => ({ name, key }));
  const { urls, ownerUrl } = system;
  return { url: urls.console, urls, ownerUrl, folder, people, link: () => system.consoleLink(), run, close };
}

type RunCommand = (args: string, stdin?: string) => Promise<string>;

async function feed(run: RunCommand, folder: string, events: number): Promise<void> {
  await run(`program apply seeds/${PROGRAM}/policy.yaml`);
  await run(`creators import seeds/${PROGRAM}/creators.csv --program ${PROGRAM}`);
  const hostile = join(folder, 'hostile.json');
  await writeFile(hostile, JSON.stringify(HOSTILE_IDS.map((creatorId) => ({ creatorId, handle: creatorId }))));
  await run(`creators import ${hostile} --program ${PROGRAM}`);
  const recorded = join(folder, 'events.ndjson');
  await run(`generate ${PROGRAM} --events ${events} -o ${recorded}`);
  await run(`replay ${recorded} --program ${PROGRAM}`);
  await run(`replay - --program ${PROGRAM}`, hostileLikes());
  for (const period of ['2026-09', '2026-10']) {
    await run(`revenue --program ${PROGRAM} --period ${period} --amount 39730000000.00 --reference ads-${period}`);
    await run(`close --program ${PROGRAM} --period ${period}`);
  }
  await run(`hold place --program ${PROGRAM} --creator c0000003 --reason fraud-review --note <b>checked</b>`);
  await run(`payout-run draft --program ${PROGRAM}`);
}

async function feedDemo(run: RunCommand, folder: string, events: number): Promise<void> {
  await run(`program apply seeds/${PROGRAM}/policy.yaml`);
  await run(`creators import seeds/${PROGRAM}/creators.csv --program ${PROGRAM}`);
  const recorded = join(folder, 'events.ndjson');
  await run(`generate ${PROGRAM} --events ${events} -o ${recorded}`);
  await run(`replay ${recorded} --program ${PROGRAM}`);
  const [, ...lines] = (await readFile(`seeds/${PROGRAM}/revenue.csv`, 'utf8')).trim().split('\n');
  const entries = lines.map((line) => line.split(','));
  for (const [period = '', amount = '', reference = ''] of entries) {
    await run(`revenue --program ${PROGRAM} --period ${period} --amount ${amount} --reference ${reference}`);
  }
  for (const period of new Set(entries.map(([label]) => label))) {
    await run(`close --program ${PROGRAM} --period ${period}`);
  }
  await run(`hold place --program ${PROGRAM} --creator c0000003 --reason passport`);
  await run(`payout-run draft --program ${PROGRAM}`);
}

function hostileLikes(): string {
  const likes = HOSTILE_IDS.flatMap((creatorId, index) =>
    Array.from({ length: 6 + index }, (_, like) => ({
      id: `h${index}-${like}`,
      type: 'like',
      viewerId: `${creatorId.slice(0, 100)} fan ${like}`,
      creatorId,
      contentId: 'k',
      occurredAt: `2026-10-1${like % 10}T12:00:00Z`,
    })),
  );
  return likes.map((like) => JSON.stringify(like)).join('\n');
}

export function personOf({ people }: Pick<ConsoleSystem, 'people'>, name: string): ConsolePerson {
  const found = people.find((one) => one.name === name);
  if (found === undefined) {
    throw new Error(`nobody is called ${name}`);
  }
  return found;
}
