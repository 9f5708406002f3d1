import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { explanationSchema } from '@rewardbook/contracts/api/explanation';
import { type LocalSystem, startLocal } from '@rewardbook/local/start-local';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { runHere } from '../support/test-run.ts';
import { makeDataFolder } from '../support/up.ts';

// Creators whose ids mean something to addresses are creators like any other.

const CREATORS = ['.', '..', '~.', '~..', '...', 'a/b', '../x', 'a%2Fb', '%2e%2e', 'x?y#z', ' pad ', '😀/../x'];
const POLICY = 'program: odd\nname: Odd\ncurrency: IDR\ntimeZone: UTC\nperiod: month\nrevenueShare: "1"\n';
const OF_MAY = ['--program', 'odd', '--period', '2024-05'];

let database: TestDatabase;
let dataDir: string;
let system: LocalSystem;

const rewardbook = (args: readonly string[], stdin = '') => runHere([...args, '--data', dataDir], stdin);

async function done(args: readonly string[], stdin?: string): Promise<string> {
  const run = await rewardbook(args, stdin);
  expect(run.code, `${args.join(' ')}: ${run.stderr}`).toBe(0);
  return run.stdout;
}

beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = await makeDataFolder();
  system = await startLocal({ dataDir, port: 0, databaseUrl: database.ownerUrl, logLevel: 'silent' });
  await done(['program', 'apply', '-'], POLICY);
  const events = CREATORS.map((creatorId, n) =>
    JSON.stringify({ id: `${n}`, type: 'follow', viewerId: `v${n}`, creatorId, occurredAt: '2024-05-10T12:00:00Z' }),
  );
  await done(['replay', '-', '--program', 'odd'], events.join('\n'));
  await done(['revenue', ...OF_MAY, '--amount', `${100 * CREATORS.length}.00`, '--reference', '..']);
  await done(['close', ...OF_MAY]);
}, 120_000);
afterAll(async () => {
  await system.close();
  await database.drop();
  await rm(dataDir, { recursive: true, force: true });
});

it.each(CREATORS)('%j is explained and proved', async (creator) => {
  const explanation = explanationSchema.parse(
    JSON.parse(await done(['explain', ...OF_MAY, '--creator', creator, '--json'])),
  );
  expect(explanation).toMatchObject({ creator, amount: '100.00' });
  const proof = await done(['proof', 'get', ...OF_MAY, '--creator', creator]);
  expect(JSON.parse(proof)).toMatchObject({ creatorId: creator, amount: '100.00' });
  const file = join(dataDir, 'proof.json');
  await writeFile(file, proof);
  expect(await runHere(['proof', 'verify', file])).toMatchObject({ code: 0 });
  expect(await done(['report', 'statement', '--program', 'odd', '--creator', creator])).toContain('100.00');
  // The links of an explanation, as a browser follows them.
  const links = [...JSON.stringify(explanation).matchAll(/"(\/v1\/[^"]+)"/g)].map(([, link = '']) => link);
  expect(links.length).toBeGreaterThan(1);
  for (const link of links) {
    const service =
      link.includes('/journal/') || link.includes('/accounts/') ? system.urls.ledger : system.urls.reports;
    const headers = { authorization: `Bearer ${system.keys.read}` };
    const answer = await fetch(service + link, { headers });
    expect([link, answer.status]).toEqual([link, 200]);
    await answer.body?.cancel();
  }
});
