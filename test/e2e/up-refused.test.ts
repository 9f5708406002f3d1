import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startLocal } from '@rewardbook/local/start-local';
import postgres from 'postgres';
import { expect, it } from 'vitest';
import { runCommand } from '../support/test-command.ts';
import { makeDataFolder } from '../support/up.ts';

const up = (dataDir: string) => runCommand(['up', '--data', dataDir, '--port', '0']);

it('says in one sentence what is wrong with its data folder, without a stack', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'rewardbook-up-')), 'file');
  await writeFile(file, '');
  const { code, stdout, stderr } = await up(file);
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toMatch(/^error: .* is not a folder, or is below a file\. Choose another data folder\.\n$/);
});

it('does not open a data folder that a build with other migrations made', { timeout: 90_000 }, async () => {
  const dataDir = await makeDataFolder();
  const system = await startLocal({ dataDir, port: 0, logLevel: 'silent', durable: false });
  const owner = postgres(system.ownerUrl, { max: 1 });
  await owner`UPDATE rewardbook.schema_migration SET sha256 = repeat('a', 64) WHERE name = '0004_journal.sql'`;
  await owner.end();
  await system.close();
  const { code, stdout, stderr } = await up(dataDir);
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toMatch(
    /^error: The database was made with another 0004_journal\.sql .*Open it with the build that made it; .*\n$/,
  );
});
