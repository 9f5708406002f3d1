import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { parseAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeTables } from '../event-tables/write-tables.ts';
import { packStory } from '../support/pack-story.ts';
import { bundleCore, bundlePage, coreFiles } from './bundle.ts';
import { chromiumMissing, openPage, type Page } from './chromium.ts';
import { answerOf, closePack, linesOfTable, type PackInput } from './core.ts';

const SIZE = { events: 6_000 };

const QUESTION = {
  ...{ question: 'attack', kind: 'bought-followers', size: 100, revenue: { '2026-09': '1000.00' } },
  policies: [{ program: 'p', name: 'P', currency: 'IDR', timeZone: 'Asia/Jakarta', period: 'month' }],
  events: {
    scenario: readFileSync(new URL('../../seeds/tiktok-cash-id/scenario.yaml', import.meta.url), 'utf8'),
    ...{ events: 2_000, creators: 50, viewers: 300 },
  },
};

async function packInput(): Promise<PackInput> {
  const { policy, creators, revenue } = await packStory({ events: 1 });
  const currency = currencyOf(policy.currency);
  return {
    policy,
    creators,
    revenue: [...revenue].map(([period, amount]) => [period, String(parseAmount(amount, currency))]),
    scenario: readFileSync(new URL('../../seeds/tiktok-cash-id/scenario.yaml', import.meta.url), 'utf8'),
    size: SIZE,
  };
}

/** The same events as CSV and as Parquet of each compression. */
async function tableInputs(): Promise<(readonly ['csv' | 'parquet', readonly number[]])[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rewardbook-browser-'));
  try {
    const files = ['csv', 'zstd', 'gzip', 'snappy'].map((name) => ({
      path: join(folder, name),
      options: name === 'csv' ? 'FORMAT csv, HEADER' : `FORMAT parquet, CODEC '${name}'`,
    }));
    const select = `SELECT 'e' || i AS id, 'follow' AS type, 9007199254740993 + i AS viewer, 'c\u00e9\u{1f600}' AS creator,
      TIMESTAMPTZ '2026-10-03 14:00:00.123+00' AS ts FROM range(300) t(i)`;
    await writeTables(select, files);
    return files.map(({ path }, index) => [index === 0 ? 'csv' : 'parquet', [...readFileSync(path)]] as const);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it('the core packages are bundled for a browser: every file of theirs, and nothing of Node', async () => {
  const { inputs, imports, script } = await bundleCore();
  expect(inputs).toEqual(expect.arrayContaining(coreFiles()));
  expect(coreFiles().length).toBeGreaterThan(80);
  expect(imports).toEqual([]);
  expect(inputs.filter((path) => path.startsWith('node:'))).toEqual([]);
  expect(script).not.toMatch(/["'`]node:/);
});

it('the core packages name no Buffer, which only Node has', () => {
  const named = coreFiles().filter((file) =>
    /\bBuffer\b/.test(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8')),
  );
  expect(named).toEqual([]);
});

describe('a page with the core', () => {
  let pack: PackInput;
  let expected: [string, string][];
  let answer: string;
  let script: string;
  let tables: Awaited<ReturnType<typeof tableInputs>>;
  beforeAll(async () => {
    tables = await tableInputs();
    pack = await packInput();
    expected = closePack(pack);
    answer = await answerOf(QUESTION);
    script = (await bundlePage()).script;
    expect(expected).toHaveLength(pack.revenue.length);
  });

  it('needs nothing but what all browsers have', async () => {
    const context = createContext({ TextEncoder, TextDecoder, performance });
    const json: string = runInContext(`${script};JSON.stringify(core.closePack(${JSON.stringify(pack)}))`, context);
    expect(JSON.parse(json)).toEqual(expected);
    expect(await runInContext(`core.answerOf(${JSON.stringify(QUESTION)})`, context)).toBe(answer);
    expect(await runInContext(`core.linesOfTable('csv', ${JSON.stringify(tables[0]?.[1])})`, context)).toContain(
      '"id":"e299"',
    );
  });

  describe.skipIf(chromiumMissing !== undefined)(`in Chromium${chromiumMissing ? ` (${chromiumMissing})` : ''}`, () => {
    let page: Page;
    beforeAll(async () => {
      page = await openPage(script);
    });
    afterAll(() => page?.close());

    it('makes the events of a pack and comes to the resultHash of Node', async () => {
      expect(await page.call('closePack', pack)).toEqual(expected);
    });

    it('reads events from CSV and Parquet as Node does', async () => {
      const texts = await Promise.all(tables.map((table) => page.call('linesOfTable', ...table)));
      expect(texts).toEqual(await Promise.all(tables.map((table) => linesOfTable(...table))));
      const events = texts.map((text) =>
        String(text)
          .trim()
          .split('\n')
          .map((line) => ({ ...JSON.parse(line), occurredAt: undefined })),
      );
      expect(events[0]).toHaveLength(300);
      expect(new Set(events.map((some) => JSON.stringify(some))).size).toBe(1);
    });

    it('answers a question of the lab with the bytes of Node', async () => {
      expect(await page.call('answerOf', QUESTION)).toBe(answer);
    });
  });
});
