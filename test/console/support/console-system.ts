import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runHere } from '../../support/test-run.ts';
import { makeDataFolder, startUp, type Up } from '../../support/up.ts';
import { type BuiltApp, buildApp } from './built-app.ts';
import { type ConsolePerson, type ConsoleServer, startConsoleServer } from './console-server.ts';

export const PROGRAM = 'tiktok-cash-id';

/** Ids that have broken pages before: markup, steps of paths, separators, right-to-left, overrides, emoji, the longest. */
export const HOSTILE_IDS = [
  '<img src=x onerror=alert(1)>',
  '..',
  '.',
  'a/b?c#d%2F&e=f',
  'محمد العربي',
  'abc\u202Edef\u202C',
  '👩‍👩‍👧‍👦🇮🇩',
  'm'.repeat(128),
  '"quoted", and, commas',
];

export interface ConsoleSystem {
  readonly server: ConsoleServer;
  readonly people: readonly ConsolePerson[];
  run(args: string, stdin?: string): Promise<string>;
  close(): Promise<void>;
}

const READ = ['read', 'read:payments'] as const;

/** A real system with the demo's program: two months closed, some of its creators with hostile ids, a run drafted. */
export async function startConsoleSystem({ events: eventCount }: { readonly events: number }): Promise<ConsoleSystem> {
  const app = await buildApp();
  const folder = await makeDataFolder();
  const up = await startUp(folder);
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
    await feed(run, folder, eventCount);
    const { events, ledger, reports } = up.urls;
    const people = [
      await person(run, 'olga', ['operate', 'events:write', ...READ]),
      await person(run, 'ben', ['approve', ...READ]),
      await person(run, 'rita', ['read']),
    ];
    const server = await startConsoleServer({ events, ledger, reports }, people, app.folder);
    return { server, people, run, close: () => stop(folder, app, up, server) };
  } catch (error) {
    await stop(folder, app, up);
    throw error;
  }
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

async function person(run: RunCommand, name: string, scopes: readonly string[]): Promise<ConsolePerson> {
  const { key } = JSON.parse(await run(`keys create --name ${name} --scopes ${scopes.join(',')} --json`));
  return { name, key, scopes };
}

async function stop(folder: string, app: BuiltApp, up: Up, server?: ConsoleServer): Promise<void> {
  await server?.close();
  up.child.kill('SIGKILL');
  await up.ended;
  await app.remove();
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }); // Postgres may still be leaving
}

export function personOf({ people }: Pick<ConsoleSystem, 'people'>, name: string): ConsolePerson {
  const found = people.find((one) => one.name === name);
  if (found === undefined) {
    throw new Error(`nobody is called ${name}`);
  }
  return found;
}
