import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checkDirections, plantedDirections } from './check-directions.ts';
import { checkGraph } from './direction-graph.ts';
import { checkSource } from './source-rules.ts';
import { comparePlanted } from './violation.ts';

const planted = fileURLToPath(new URL('../planted/directions/', import.meta.url));

describe('check:directions', () => {
  it('sees every planted violation, and nothing else there', async () => {
    const { violations } = await checkDirections(planted);
    expect(comparePlanted(violations, plantedDirections)).toEqual({ unseen: [], unexpected: [] });
  });

  it('fails where it sees no module', async () => {
    const empty = mkdtempSync(join(tmpdir(), 'rewardbook-tooling-'));
    await expect(checkGraph(empty)).rejects.toThrow(/saw 0 modules/);
    rmSync(empty, { recursive: true });
  });

  it.each([
    ['packages/runtime/src/config.ts', 'const url = process.env.URL;', ['environment-in-main']],
    ['packages/runtime/src/config.ts', "import { env } from 'node:process';", ['environment-in-main']],
    ['services/ledger/src/main.ts', 'const url = process.env.URL;', []],
    ['services/ledger/src/close/routes.ts', 'const env = request.env;', []],
    ['services/ledger/src/close/compute/plan-close.ts', 'await this.sql`SELECT 2`;', ['sql-in-its-file']],
    ['services/ledger/src/close/compute/plan-close.ts', "await sql.unsafe('SELECT 1');", ['sql-in-its-file']],
    ['services/ledger/src/close/sql/fold.ts', 'await sql`SELECT 2`;', []],
    ['services/ledger/src/compose.ts', 'await sql`SELECT 1`;', []],
  ])('in %s, of %s: %j', (file, text, rules) => {
    expect(checkSource(file, text).map(({ rule }) => rule)).toEqual(rules);
  });
});
