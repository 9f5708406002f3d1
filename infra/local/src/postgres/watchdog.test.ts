import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const MODULE = fileURLToPath(new URL('./watchdog.ts', import.meta.url));

it.each([
  ['a fast shutdown', "process.on('SIGINT', () => process.exit(1))", [1, null]],
  ['an immediate one', "process.on('SIGINT', () => {}); process.on('SIGQUIT', () => process.exit(2))", [2, null]],
  ['nothing but SIGKILL', "for (const name of ['SIGINT', 'SIGQUIT']) process.on(name, () => {})", [null, 'SIGKILL']],
])('ends a server that takes %s, once its owner was killed, and removes its folder', async (_, handlers, ending) => {
  const folder = await mkdtemp(join(tmpdir(), 'rewardbook-watchdog-'));
  const server = spawn(process.execPath, ['-e', `${handlers}; setInterval(() => {}, 1000); console.log('ready')`], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(server, 'exit');
  await once(server.stdout, 'data');
  const script = `const { watchOver } = await import(${JSON.stringify(MODULE)});
    watchOver(${server.pid}, ${JSON.stringify(folder)}, { fast: 1, immediate: 1 });
    console.log('watching'); setInterval(() => {}, 1000);`;
  const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(owner.stdout, 'data');
  owner.kill('SIGKILL');
  expect(await ended).toEqual(ending);
  await expect
    .poll(
      () =>
        access(folder).then(
          () => true,
          () => false,
        ),
      { timeout: 15_000 },
    )
    .toBe(false);
});
