import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
  readonly people: readonly ConsolePerson[];
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
] as const;

/** A real system with the demo's program: two months closed, some of its creators with hostile ids, a run drafted. */
export async function startConsoleSystem({ events }: { readonly events: number }): Promise<ConsoleSystem> {
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
    await feed(run, folder, events);
  } catch (error) {
    await close();
    throw error;
  }
  const people = [...system.peoplesKeys].map(([name, key]) => ({ name, key }));
  return { url: system.urls.console, people, link: () => system.consoleLink(), run, close };
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
