import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumMissing } from '../browser/chromium.ts';
import { HOSTILE_IDS } from '../support/hostile-ids.ts';
import { findFaultsInThemes, launchBrowser, openPage, overflowOf, signIn, untilRead } from './support/browser.ts';
import { type ConsoleSystem, PROGRAM, startConsoleSystem } from './support/console-system.ts';

const BOOKS = `/books/${PROGRAM}`;
/** A build of the app and a system with two closed months. */
const START_MS = 300_000;
/** All pages are looked at in a test. */
const TEST_MS = 240_000;
const PAGES = [
  BOOKS,
  `${BOOKS}/periods/2026-10`,
  `${BOOKS}/periods/2026-12`,
  `${BOOKS}/periods/2026-10?only=paid&find=c00&order=points`,
  `${BOOKS}/periods/2026-10/excluded`,
  `${BOOKS}/runs`,
  `${BOOKS}/runs/2026-10-1`,
  `${BOOKS}/runs/2026-10-1?status=waiting&order=-available`,
  `${BOOKS}/runs/2026-10-1/changes`,
  `${BOOKS}/creators`,
  `${BOOKS}/creators?onHold=true`,
  `${BOOKS}/creators/c0000003`,
  `${BOOKS}/creators/c0000001/why/2026-10`,
  `${BOOKS}/creators/nobody`,
  `${BOOKS}/journal`,
  `${BOOKS}/journal?kind=close&find=2026`,
  `${BOOKS}/journal/close%3A2026-10`,
  `${BOOKS}/balances`,
  `${BOOKS}/balances/creator%3Ac0000001%3Apayable`,
  `${BOOKS}/reconciliation`,
  `${BOOKS}/approvals?status=all`,
  `${BOOKS}/integrity`,
  `/replay/${PROGRAM}`,
  `/replay/${PROGRAM}/runs`,
  `/replay/${PROGRAM}/runs/not-here`,
  `/replay/${PROGRAM}/diff`,
  `${BOOKS}/policy`,
  `${BOOKS}/policy?old=1&all=yes`,
  `${BOOKS}/cash`,
  `${BOOKS}/import-creators`,
  '/new-program',
  '/books/no-such-program',
  '/lab',
  `/lab/policies?program=${PROGRAM}&from=2026-10&to=2026-10&b=${encodeURIComponent('{"weights":{"follow":"8"}}')}`,
  '/lab/policies?pack=burst-kr&events=2000&side=a&as=yaml',
  '/lab/policies',
  '/lab/sweep?pack=burst-kr&events=2000',
  '/lab/attack?pack=burst-kr&events=2000',
  '/lab/screening?pack=burst-kr&events=2000',
  '/lab/policies?pack=no-such-pack',
  '/audit-log',
  '/audit-log?outcome=failed',
  '/keys',
  '/proof',
  '/no-such-page',
];

/** What is wrong with the page that is open, in both themes and at each width. */
async function faultsOfPage(page: Page): Promise<string[]> {
  const faults = await findFaultsInThemes(page);
  for (const width of [1440, 768, 320]) {
    await page.setViewportSize({ width, height: 900 });
    await untilRead(page);
    const overflow = await overflowOf(page);
    if (overflow > 0) {
      faults.push(`${overflow} px too wide at ${width} px`);
    }
  }
  return faults;
}

describe.skipIf(chromiumMissing !== undefined)(
  `pages in Chromium${chromiumMissing ? ` (${chromiumMissing})` : ''}`,
  { timeout: TEST_MS },
  () => {
    let system: ConsoleSystem;
    let browser: Browser;
    beforeAll(async () => {
      [system, browser] = await Promise.all([startConsoleSystem({ events: 4_000 }), launchBrowser()]);
    }, START_MS);
    afterAll(async () => {
      await browser?.close();
      await system?.close();
    });

    it.each(['olga', 'ben'])(
      'axe finds nothing on any page that %s sees, light or dark; no page breaks its policy, or scrolls sideways',
      async (name) => {
        const { context, page, complaints } = await signIn(browser, system, name);
        const faults: Record<string, string[]> = {};
        for (const path of PAGES) {
          await page.setViewportSize({ width: 1440, height: 900 });
          await openPage(page, path);
          const found = await faultsOfPage(page);
          if (found.length > 0) {
            faults[path] = found;
          }
        }
        await context.close();
        expect(faults).toEqual({});
        // An answer of 404 is what these pages are about; the browser notes each.
        expect(complaints.filter((text) => !text.includes('status of 404'))).toEqual([]);
      },
    );

    it('ids that have broken pages before are links to their own page, and say what they are', async () => {
      const { context, page, complaints } = await signIn(browser, system, 'olga');
      for (const id of HOSTILE_IDS) {
        await openPage(page, `${BOOKS}/creators`);
        await page.getByLabel('Creator id').fill(id);
        await page.getByRole('button', { name: 'Open', exact: true }).click();
        await page.getByRole('heading', { name: 'Statement' }).waitFor();
        const heading = await page.getByRole('heading', { level: 1 }).textContent();
        expect(
          heading?.replace(/\\u\{(\w+)\}/g, (_match, code: string) => String.fromCodePoint(Number.parseInt(code, 16))),
        ).toContain(id.includes('"') ? 'quoted' : id);
        await page.getByRole('link', { name: 'Why this amount' }).click();
        await page.getByRole('heading', { name: 'Eligibility' }).waitFor();
        await untilRead(page);
        await page.reload();
        await page.getByRole('heading', { name: 'Eligibility' }).waitFor();
        expect(await overflowOf(page)).toBeLessThanOrEqual(0);
      }
      await context.close();
      expect(complaints).toEqual([]);
    });

    it('a closed period shows each amount as the books have it, sorted and filtered by its address', async () => {
      const { context, page } = await signIn(browser, system, 'rita');
      await openPage(page, `${BOOKS}/periods/2026-10?find=c00000&order=creator`);
      const rows = page.getByRole('region', { name: 'Allocations of 2026-10' }).getByRole('rowheader');
      expect(await rows.first().textContent()).toBe('c0000001');
      await page.getByRole('button', { name: 'Amount (IDR)' }).click();
      await expect.poll(() => new URL(page.url()).search).toBe('?find=c00000');
      const answer = await context.request.get(`/api/ledger/v1/programs/${PROGRAM}/periods/2026-10/result`);
      const { creators }: { creators: { creatorId: string; amount: string }[] } = await answer.json();
      const booked = creators.find(({ creatorId }) => creatorId === 'c0000001');
      const shown = await page.getByRole('row').filter({ hasText: 'c0000001' }).first().textContent();
      expect(shown?.replaceAll(',', '')).toContain(booked?.amount);
      await context.close();
    });
  },
);
