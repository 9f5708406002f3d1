import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LocalSystem, startLocal } from '@rewardbook/local/start-local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/test-database.ts';
import { runHere } from '../support/test-run.ts';
import { makeDataFolder } from '../support/up.ts';

let database: TestDatabase;
let dataDir: string;
let system: LocalSystem;

const policy = {
  program: 'recon',
  name: 'Reconciled',
  currency: 'IDR',
  timeZone: 'Asia/Jakarta',
  period: 'month',
};
const place = ['--program', 'recon', '--period', '2024-10'];

beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = await makeDataFolder();
  system = await startLocal({ dataDir, port: 0, databaseUrl: database.ownerUrl, logLevel: 'silent' });
  await writeFile(join(dataDir, 'policy.json'), JSON.stringify(policy));
  expect((await rewardbook('program', 'apply', join(dataDir, 'policy.json'))).code).toBe(0);
  for (const [reference, amount] of [
    ['INV-1', '1000.00'],
    ['INV-2', '500.00'],
  ] as const) {
    await rewardbook('revenue', ...place, '--amount', amount, '--reference', reference);
  }
});
afterAll(async () => {
  await system.close();
  await database.drop();
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }); // Postgres may still be leaving
});

const rewardbook = (...args: string[]) => runHere([...args, '--data', dataDir]);

async function file(name: string, ...lines: string[]): Promise<string> {
  const path = join(dataDir, name);
  await writeFile(path, `reference,amount,date,currency\n${lines.join('\n')}\n`);
  return path;
}

describe('rewardbook reconcile', () => {
  it('takes a statement to a marked period', async () => {
    const wrong = await file(
      'wrong.csv',
      'INV-1,1000.00,2024-10-31,IDR',
      'INV-2,499.00,2024-10-31,IDR',
      'X,1,2024-10-31,IDR',
    );
    const imported = await rewardbook('reconcile', 'import', wrong, ...place, '--kind', 'revenue');
    expect(imported).toMatchObject({ code: 0, stderr: '' });
    expect(imported.stdout).toMatch(/3 lines of revenue imported\nrecon 2024-10: 2 differences are open\n/);
    const again = await rewardbook('reconcile', 'import', wrong, ...place, '--kind', 'revenue');
    expect(again.stdout).toContain('was imported before, nothing has changed');

    const shown = await rewardbook('reconcile', 'show', ...place);
    expect(shown.stdout).toMatch(/revenue +INV-2 +amount-differs +IDR 499\.00 +500\.00 +open/);
    expect(shown.stdout).toMatch(/revenue +X +missing-in-books +IDR 1\.00 +- +open/);
    expect(await rewardbook('reconcile', 'mark', ...place)).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('2 differences are open'),
    });

    const right = await file(
      'right.csv',
      'INV-1,1000.00,2024-10-31,IDR',
      'INV-2,500.00,2024-10-31,IDR',
      'X,1,2024-10-31,IDR',
    );
    await rewardbook('reconcile', 'import', right, ...place, '--kind', 'revenue');
    const reason = 'a test booking of the platform';
    const resolve = ['--kind', 'revenue', '--reference', 'X', '--reason', reason];
    const resolved = await rewardbook('reconcile', 'resolve', ...place, ...resolve);
    expect(resolved.stdout).toContain('nothing is open; it can be marked');

    const { hash, open, differences } = JSON.parse((await rewardbook('reconcile', 'show', ...place, '--json')).stdout);
    expect([open, differences.length, differences[0].explanation]).toEqual([
      0,
      1,
      expect.objectContaining({ note: reason, by: 'operate' }),
    ]);
    const stale = await rewardbook('reconcile', 'mark', ...place, '--hash', '0'.repeat(64));
    expect(stale).toMatchObject({ code: 2, stderr: expect.stringContaining('reconciliation-changed') });
    const marked = await rewardbook('reconcile', 'mark', ...place, '--hash', hash, '--note', 'done');
    expect(marked.stdout).toMatch(/^recon 2024-10: reconciled by approve at /);

    const log = await rewardbook('audit-log', '--program', 'recon', '--key', 'approve');
    expect(log.stdout).toContain(`"hash":"${hash}"`);
  });

  it('names line and column of what is wrong in a file', async () => {
    const bad = await file('bad.csv', 'INV-1,"1,000.00",2024-10-31,IDR');
    const refused = await rewardbook('reconcile', 'import', bad, ...place, '--kind', 'revenue');
    expect(refused).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('line 2, column 2') });
    const missing = await rewardbook('reconcile', 'import', '/none.csv', ...place, '--kind', 'revenue');
    expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('There is no file') });
  });

  it.each(['import', 'show', 'resolve', 'mark'])('%s --help has examples', async (command) => {
    const { stdout, code } = await rewardbook('reconcile', command, '--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/Examples:\n {2}rewardbook reconcile /);
  });
});
