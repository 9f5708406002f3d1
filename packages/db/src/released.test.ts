import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { readSchemaFiles } from './schema-files.ts';

it('migrations that were released are as they were: what is to change comes in a new one', async () => {
  const text = await readFile(new URL('../migrations/released.json', import.meta.url), 'utf8');
  const released: Record<string, Record<string, string>> = JSON.parse(text);
  const current = new Map((await readSchemaFiles()).migrations.map(({ name, sha256 }) => [name, sha256]));
  const edited = Object.entries(released).flatMap(([version, files]) =>
    Object.entries(files)
      .filter(([name, sha256]) => current.get(name) !== sha256)
      .map(([name]) => `${name}, which ${version} released, was ${current.has(name) ? 'edited' : 'removed'}`),
  );
  expect(edited).toEqual([]);
  expect(Object.values(released).flatMap((files) => Object.keys(files))).toContain('0001_programs.sql');
});
