import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe } from 'vitest';
import { z } from 'zod';

// Other programs that open what we wrote. If one is missing, its tests are skipped and say so; CI installs them all.

/** A group of tests that need programs of the system. */
export function describeWith(tools: readonly string[], name: string, tests: () => void): void {
  const missing = tools.filter((tool) => spawnSync(tool, ['--version']).error !== undefined);
  if (missing.length === 0) {
    describe(name, tests);
  } else {
    describe.skip(`${name} (${missing.join(' and ')} not installed)`, tests);
  }
}

/** What a program makes of a file: its exit code and everything it printed. */
export function runOnFile(
  content: string | Uint8Array,
  extension: string,
  command: (path: string) => readonly [tool: string, ...args: string[]],
): { readonly code: number | null; readonly stdout: string; readonly stderr: string } {
  const folder = mkdtempSync(join(tmpdir(), 'rewardbook-export-'));
  try {
    const path = join(folder, `export.${extension}`);
    writeFileSync(path, content);
    const [tool, ...args] = command(path);
    const run = spawnSync(tool, args, {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: { ...process.env, LC_ALL: 'C.UTF-8' },
    });
    return { code: run.status, stdout: run.stdout, stderr: run.stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const XLSX_READER = fileURLToPath(new URL('./read-xlsx.test.py', import.meta.url));
const sheetsSchema = z.array(z.array(z.array(z.union([z.string(), z.number(), z.null()]))));

/** Sheets, rows and cells of a workbook, as Python reads them. */
export function readXlsx(content: Uint8Array): z.output<typeof sheetsSchema> {
  const { stdout, stderr } = runOnFile(content, 'xlsx', (path) => ['python3', XLSX_READER, path]);
  if (stderr !== '') {
    throw new Error(stderr);
  }
  return sheetsSchema.parse(JSON.parse(stdout));
}
