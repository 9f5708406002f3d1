import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumMissing } from '../browser/chromium.ts';
import { findFaults, launchBrowser, openPage, signIn } from './support/browser.ts';
import { type ConsoleSystem, PROGRAM, startConsoleSystem } from './support/console-system.ts';
import { type SecondConsole, startSecondConsole } from './support/second-console.ts';

const BOOKS = `/books/${PROGRAM}`;
const START_MS = 300_000;
/** A process starts again in some tests. */
const TEST_MS = 180_000;
const BACK_MS = 60_000;

describe.skipIf(chromiumMissing !== undefined)(
  `faults in Chromium${chromiumMissing ? ` (${chromiumMissing})` : ''}`,
  { timeout: TEST_MS },
  () => {
    let system: ConsoleSystem;
    let console: SecondConsole;
    let browser: Browser;
    beforeAll(async () => {
      [system, browser] = await Promise.all([startConsoleSystem({ events: 500 }), launchBrowser()]);
      console = await startSecondConsole(system);
    }, START_MS);
    afterAll(async () => {
      await browser?.close();
      await console?.close();
      await system?.close();
    });

    /** Opens the form and types into it. */
    async function typeRevenue(page: Page, reference: string): Promise<void> {
      await openPage(page, `${BOOKS}/periods/2026-11`);
      await page.getByRole('button', { name: 'Book revenue' }).click();
      await page.getByLabel('Amount in IDR').fill('1,000.50');
      await page.getByLabel('Reference').fill(reference);
    }
    const book = (page: Page) => page.getByRole('dialog').getByRole('button', { name: 'Book revenue' });

    async function bookedTimes(page: Page, reference: string): Promise<number> {
      const answer = await page.request.get(`${system.url}/api/ledger/v1/programs/${PROGRAM}/revenue`, {
        headers: { origin: system.url },
      });
      const { items }: { items: { reference: string }[] } = await answer.json();
      return items.filter((item) => item.reference === reference).length;
    }

    it('a ledger that is killed while somebody types is said; nothing typed is lost, and it goes on without a reload', async () => {
      const { context, page } = await signIn(browser, console, 'olga');
      await typeRevenue(page, 'killed-1');
      let loads = 0;
      page.on('load', () => {
        loads += 1;
      });
      await console.ledger.kill();
      await book(page).click();
      await page.getByText('Nothing was booked').waitFor();
      await page.getByText('The ledger does not answer.').first().waitFor();
      expect(await findFaults(page)).toEqual([]);
      expect(await page.getByLabel('Amount in IDR').inputValue()).toBe('1,000.50');
      await console.ledger.start();
      await book(page).click({ timeout: BACK_MS });
      await page.getByText('Booked: IDR 1,000.50 as revenue:killed-1').waitFor({ timeout: BACK_MS });
      await page.getByText('does not answer.').waitFor({ state: 'detached', timeout: BACK_MS });
      expect(loads).toBe(0);
      await context.close();
    });

    it('a page that was being read when its service went goes on by itself when that is back', async () => {
      const { context, page } = await signIn(browser, console, 'rita');
      await openPage(page, BOOKS);
      await console.ledger.kill();
      await page.getByRole('link', { name: 'Journal' }).click();
      await page.getByText('The ledger does not answer.').first().waitFor();
      await console.ledger.start();
      await page.getByRole('rowheader', { name: 'close:2026-10' }).waitFor({ timeout: BACK_MS });
      await page.getByText('does not answer.').waitFor({ state: 'detached' });
      await context.close();
    });

    it('an answer that is lost on its way is asked for again, and nothing is done twice', async () => {
      const { context, page } = await signIn(browser, console, 'olga');
      await typeRevenue(page, 'lost-1');
      console.gate.loseAnswers();
      await book(page).click();
      await page.getByText('Nothing was booked').waitFor();
      console.gate.mend();
      await book(page).click();
      await page.getByText('It was booked before: IDR 1,000.50 as revenue:lost-1').waitFor();
      await context.close();
      const seen = await signIn(browser, system, 'olga');
      expect(await bookedTimes(seen.page, 'lost-1')).toBe(1);
      await seen.context.close();
    });

    it('on a slow line a change is sent once, however often it is pressed', async () => {
      const { context, page } = await signIn(browser, console, 'olga');
      await typeRevenue(page, 'slow-1');
      const sent: string[] = [];
      page.on('request', (request) => {
        if (request.method() === 'POST') {
          sent.push(request.url());
        }
      });
      console.gate.hold();
      await book(page).dblclick();
      // It says that it is disabled, and may be pressed all the same.
      await page.getByRole('button', { name: 'Booking …' }).dispatchEvent('click');
      await page.getByLabel('Reference').press('Enter');
      await page.getByLabel('Reference').press('Enter');
      await page.getByRole('button', { name: 'Booking …' }).waitFor();
      console.gate.release();
      await page.getByText('Booked: IDR 1,000.50 as revenue:slow-1').waitFor();
      expect(sent.filter((url) => url.endsWith('/revenue'))).toHaveLength(1);
      await context.close();
    });
  },
);
