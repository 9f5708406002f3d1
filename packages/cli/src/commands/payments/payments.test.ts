import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runCommand } from '../../../../../test/support/test-command.ts';

/** What the command leaves in its folder where the service promises one file and sends another. */
async function paymentsOf(promised: string, sent: string) {
  const file = {
    name: 'demo-payments-2026-10-1-IDR.csv',
    format: 'csv',
    currency: 'IDR',
    payments: 1,
    controlSum: '5.00',
    bytes: promised.length,
    sha256: createHash('sha256').update(promised).digest('hex'),
  };
  const run = {
    program: 'demo',
    run: '2026-10-1',
    contentHash: 'c',
    entryKey: 'e',
    status: 'approved',
    executionDate: null,
  };
  const server = createServer((request, response) => {
    const isManifest = request.url?.includes('/manifest') ?? false;
    response.end(isManifest ? JSON.stringify({ ...run, files: [file] }) : sent);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const folder = await mkdtemp(join(tmpdir(), 'rewardbook-payments-'));
  try {
    const { code, stdout, stderr } = await runCommand(
      ['payments', '2026-10-1', '--program', 'demo', '-o', join(folder, 'bank')],
      { env: { REWARDBOOK_URL_REPORTS: url, REWARDBOOK_KEY: 'k' } },
    );
    const names = (await readdir(join(folder, 'bank'))).sort();
    const files = await Promise.all(names.map((name) => readFile(join(folder, 'bank', name), 'utf8')));
    const made = [...names.map((name) => join(folder, 'bank', name)), join(folder, 'bank')];
    const modes = await Promise.all(made.map(async (path) => ((await stat(path)).mode & 0o777).toString(8)));
    return { code, stdout, stderr, names, files, modes };
  } finally {
    server.close();
    await rm(folder, { recursive: true });
  }
}

it('writes the file and its manifest', async () => {
  const { code, names, files, stdout, modes } = await paymentsOf('a,b\n', 'a,b\n');
  expect({ code, names }).toEqual({
    code: 0,
    names: ['demo-payments-2026-10-1-IDR.csv', 'demo-payments-2026-10-1-csv.manifest.json'],
  });
  expect(modes).toEqual(['600', '600', '700']); // no other user of the machine may read them
  expect(files[0]).toBe('a,b\n');
  expect(JSON.parse(files[1] ?? '')).toMatchObject({ run: '2026-10-1', files: [{ controlSum: '5.00' }] });
  expect(stdout).toContain('1 payments, 5.00 IDR');
});

it('leaves nothing where the file is not what the manifest says', async () => {
  const { code, names, stderr } = await paymentsOf('a,b\n', 'a,c\n');
  expect({ code, names }).toEqual({ code: 3, names: [] });
  expect(stderr).toContain('changed while they were written');
});
