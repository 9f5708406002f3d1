import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findBuiltApp } from './built-app.ts';
import { ConsoleAppError } from './error.ts';
import { sourceHash } from './source-hash.ts';

// A small app in a repository of its own, built by the real bundler.

let root: string;
let app: string;
let builds: number;
const find = () =>
  findBuiltApp({
    folder: app,
    onBuild: () => {
      builds += 1;
    },
  });

beforeEach(async () => {
  builds = 0;
  root = await mkdtemp(join(tmpdir(), 'rewardbook-built-'));
  app = join(root, 'packages/console');
  await mkdir(join(app, 'src'), { recursive: true });
  await mkdir(join(root, 'packages/words/src'), { recursive: true });
  await writeFile(join(root, 'pnpm-lock.yaml'), '');
  await write(
    'packages/words/package.json',
    '{"name":"@rewardbook/words","type":"module","exports":{"./*":"./src/*.js"}}',
  );
  await write('packages/words/src/greeting.js', 'export const greeting = "selamat pagi";\n');
  await write(
    'packages/console/package.json',
    '{"type":"module","dependencies":{"@rewardbook/words":"workspace:*","react":"*"}}',
  );
  await write('packages/console/index.html', '<!doctype html><script type="module" src="/src/main.js"></script>');
  await write(
    'packages/console/src/main.js',
    'import { greeting } from "@rewardbook/words/greeting";\ndocument.title = greeting;\n',
  );
  await mkdir(join(app, 'node_modules/@rewardbook'), { recursive: true });
  await symlink(join(root, 'packages/words'), join(app, 'node_modules/@rewardbook/words'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

const write = (path: string, text: string) => writeFile(join(root, path), text);

async function builtScript(folder: string): Promise<string> {
  const page = await readFile(join(folder, 'index.html'), 'utf8');
  const [, script = ''] = /src="(\/assets\/[^"]+\.js)"/.exec(page) ?? [];
  return readFile(join(folder, script), 'utf8');
}

it('is built for production, under a test runner too', async () => {
  expect(process.env.NODE_ENV).toBe('test');
  await write('packages/console/src/main.js', 'document.title = process.env.NODE_ENV;\n');
  expect(await builtScript(await find())).toContain('production');
});

it('is built once, whoever asks, and again when the sources change; the lock of a builder that was killed is taken over', async () => {
  await write('packages/console/.build-lock', '999999999'); // above the largest number of a process
  const [folder] = await Promise.all([find(), find(), find()]);
  expect(await builtScript(folder)).toContain('selamat pagi');
  await find();
  expect(builds).toBe(1);
  await write('packages/words/src/greeting.js', 'export const greeting = "selamat malam";\n');
  expect(await builtScript(await find())).toContain('selamat malam');
  expect(builds).toBe(2);
  expect((await readdir(app)).sort()).toEqual(['dist', 'index.html', 'node_modules', 'package.json', 'src']);
}, 120_000);

it('that cannot be built says why, each time, and leaves the one before where it was', async () => {
  await mkdir(join(app, 'dist'));
  await write('packages/console/dist/index.html', 'the one before');
  await write('packages/console/src/main.js', 'import "./missing.js";\n');
  for (const time of [1, 2]) {
    await expect(find()).rejects.toThrow(/could not be built:[\s\S]*missing/);
    expect(builds).toBe(time);
  }
  expect(await readFile(join(app, 'dist/index.html'), 'utf8')).toBe('the one before');
}, 120_000);

it('is made from its files, those of its packages and the versions of the others; not from tests and what was built', async () => {
  const hash = () => sourceHash(root, 'packages/console');
  const first = await hash();
  await mkdir(join(app, 'dist'));
  await write('packages/console/dist/index.html', 'built');
  await write('packages/console/src/main.test.ts', 'tested');
  expect(await hash()).toBe(first);
  const hashes = new Set([first]);
  for (const path of [
    'packages/console/src/more.js',
    'packages/words/src/more.js',
    'pnpm-lock.yaml',
    'packages/console/index.html',
  ]) {
    await write(path, 'changed');
    hashes.add(await hash());
  }
  expect(hashes.size).toBe(5);
});

it('of which there are no sources says so', async () => {
  await rm(app, { recursive: true });
  await expect(find()).rejects.toThrow(ConsoleAppError);
});
