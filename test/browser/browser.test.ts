import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { parseAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packStory } from '../support/pack-story.ts';
import { bundleCore, bundlePage, coreFiles } from './bundle.ts';
import { chromiumMissing, openPage, type Page } from './chromium.ts';
import { answerOf, closePack, type PackInput } from './core.ts';

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
  beforeAll(async () => {
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

    it('answers a question of the lab with the bytes of Node', async () => {
      expect(await page.call('answerOf', QUESTION)).toBe(answer);
    });
  });
});
