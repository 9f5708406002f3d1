import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumMissing } from '../browser/chromium.ts';
import { findFaults, launchBrowser, openPage, signIn, untilRead } from './support/browser.ts';
import { type ConsoleSystem, PROGRAM, personOf, startConsoleSystem } from './support/console-system.ts';
import { focusedText, tabTo } from './support/keyboard.ts';

const BOOKS = `/books/${PROGRAM}`;
/** A build of the app and a system with two closed months. */
const START_MS = 300_000;
/** A person would have given up; a machine with other work has not. */
const TEST_MS = 120_000;

// One system, worked through: the tests build on each other.
describe.skipIf(chromiumMissing !== undefined)(
  `journeys in Chromium${chromiumMissing ? ` (${chromiumMissing})` : ''}`,
  { timeout: TEST_MS },
  () => {
    let system: ConsoleSystem;
    let browser: Browser;
    beforeAll(async () => {
      [system, browser] = await Promise.all([startConsoleSystem({ events: 2_000 }), launchBrowser()]);
    }, START_MS);
    afterAll(async () => {
      await browser?.close();
      await system?.close();
    });

    it('a link signs in once, leaves no token behind, and the demo’s people can be changed', async () => {
      const { url } = system;
      const context = await browser.newContext();
      const page = await context.newPage();
      const link = system.link();
      await page.goto(link);
      await page.getByRole('heading', { name: 'TikTok Cash Indonesia' }).waitFor();
      expect(page.url()).toBe(`${url}${BOOKS}`);
      expect(await page.evaluate('document.cookie')).toBe('');
      await page.getByRole('button', { name: 'olga' }).click();
      await page.getByRole('menuitem', { name: 'Go on as rita' }).click();
      await page.getByRole('button', { name: 'rita' }).waitFor();
      await page.getByRole('button', { name: 'rita' }).click();
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      await page.getByRole('heading', { name: 'Sign in' }).waitFor();
      await context.close();

      const other = await browser.newContext();
      const second = await other.newPage();
      await second.goto(link);
      await second.getByText('This link no longer signs in').waitFor();
      expect(await findFaults(second)).toEqual([]);
      await other.close();
    });

    it('from signing in to the figures of a period by keyboard alone', async () => {
      const context = await browser.newContext({ baseURL: system.url });
      const page = await context.newPage();
      await page.goto(`${BOOKS}/periods/2026-10`);
      await page.getByLabel('API key').waitFor();
      await page.keyboard.press('Tab');
      expect(await focusedText(page)).toBe('Skip to the contents');
      await page.keyboard.press('Enter');
      await tabTo(page, 'API key');
      await page.keyboard.press('Enter');
      await page.getByText('Give your API key').waitFor();
      await page.keyboard.type(personOf(system, 'rita').key);
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'October 2026' }).waitFor();
      await untilRead(page);
      await tabTo(page, 'Creator');
      await page.keyboard.press('Enter');
      await expect.poll(() => new URL(page.url()).searchParams.get('order')).toBe('creator');
      await tabTo(page, 'Allocations of 2026-10', 'Shift+Tab');
      await page.keyboard.press('End');
      await tabTo(page, 'Journal', 'Shift+Tab');
      await page.keyboard.press('Enter');
      await expect.poll(() => page.evaluate('document.activeElement.tagName')).toBe('H1');
      expect(await focusedText(page)).toBe('Journal');
      await context.close();
    });

    it('what is typed is checked at its field, and stays over a reload and an ended session', async () => {
      const { context, page } = await signIn(browser, system, 'olga');
      await openPage(page, `${BOOKS}/periods/2026-11`);
      await page.getByRole('button', { name: 'Book revenue' }).click();
      await page.getByLabel('Amount in IDR').fill('1,000,000.005');
      await page.getByLabel('Reference').fill('ads-2026-11');
      await page.getByRole('dialog').getByRole('button', { name: 'Book revenue' }).click();
      await page.getByText('IDR has 2').waitFor();
      expect(await findFaults(page)).toEqual([]);
      await page.getByLabel('Amount in IDR').fill('1,000,000.50');
      await page.reload();
      await page.getByRole('button', { name: 'Book revenue' }).click();
      expect(await page.getByLabel('Amount in IDR').inputValue()).toBe('1,000,000.50');

      await context.clearCookies();
      await page.getByRole('dialog').getByRole('button', { name: 'Book revenue' }).click();
      const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
      await dialog.waitFor();
      expect(await findFaults(page)).toEqual([]);
      await dialog.getByLabel('API key').fill(personOf(system, 'olga').key);
      await dialog.getByRole('button', { name: 'Sign in' }).click();
      await dialog.waitFor({ state: 'detached' });
      expect(await page.getByLabel('Reference').inputValue()).toBe('ads-2026-11');
      await page.getByRole('dialog').getByRole('button', { name: 'Book revenue' }).click();
      await page.getByText('Booked: IDR 1,000,000.50 as revenue:ads-2026-11').waitFor();
      await page.getByRole('cell', { name: '1,000,000.50' }).waitFor();
      await context.close();
    });

    it('a lost service is said, and the page goes on when it is back', async () => {
      const { context, page } = await signIn(browser, system, 'rita');
      await openPage(page, BOOKS);
      await context.route('**/api/ledger/**', (route) => route.abort('connectionrefused'));
      await page.getByRole('link', { name: 'Journal' }).click();
      await page.getByText('does not answer.').waitFor();
      expect(await findFaults(page)).toEqual([]);
      await context.unroute('**/api/ledger/**');
      await page.getByRole('rowheader', { name: 'close:2026-10' }).waitFor();
      await page.getByText('does not answer.').waitFor({ state: 'detached' });
      await context.close();
    });

    it('an approval is refused where the draft is no longer what was read; then two people bring a run to the bank', async () => {
      const ben = await signIn(browser, system, 'ben');
      await openPage(ben.page, `${BOOKS}/runs/2026-10-1`);
      await ben.page.getByRole('button', { name: 'Approve …' }).click();
      const dialog = ben.page.getByRole('dialog');
      await dialog.getByText('You sign that').waitFor();
      expect(await findFaults(ben.page)).toEqual([]);
      await system.run(`payout-run discard 2026-10-1 --program ${PROGRAM} --reason again`);
      await dialog.getByRole('button', { name: 'Approve and post' }).click();
      await dialog.getByText('Nothing was approved').waitFor();

      const olga = await signIn(browser, system, 'olga');
      await openPage(olga.page, `${BOOKS}/runs`);
      await olga.page.getByRole('button', { name: 'Draft a run' }).click();
      await olga.page.getByRole('heading', { name: 'Payout run 2026-10-2' }).waitFor();
      await olga.page.getByText('olga does not have the right to approve.').waitFor();

      await openPage(ben.page, `${BOOKS}/runs/2026-10-2`);
      await ben.page.getByRole('button', { name: 'Approve …' }).click();
      await ben.page.getByRole('button', { name: 'Approve and post' }).click();
      await ben.page.getByRole('list', { name: 'Steps of the run' }).getByText('Approved and posted').waitFor();

      await openPage(olga.page, `${BOOKS}/runs/2026-10-2`);
      await olga.page.getByRole('button', { name: 'Mark as exported' }).click();
      await olga.page.getByRole('dialog').getByRole('button', { name: 'Mark as exported' }).click();
      await olga.page.getByRole('button', { name: 'Settle', exact: true }).click();
      await olga.page.getByLabel('The bank’s reference').fill('BANK-1');
      await olga.page.getByRole('button', { name: 'Settle the run' }).click();
      await olga.page.getByText('Went to the bank').waitFor();
      await Promise.all([ben.context.close(), olga.context.close()]);
    });

    it('a proof is checked without a network, and a changed one is refused', async () => {
      const { context, page } = await signIn(browser, system, 'rita');
      const base = `/api/ledger/v1/programs/${PROGRAM}`;
      const proof = await (await context.request.get(`${base}/periods/2026-10/creators/c0000001/proof`)).text();
      const { details } = await (await context.request.get(`${base}/journal/close%3A2026-10`)).json();
      await openPage(page, '/proof');
      await context.setOffline(true);
      await page.getByLabel('Or paste its text').fill(proof);
      await page.getByRole('button', { name: 'Check', exact: true }).click();
      await page.getByText('The proof is sound in itself').waitFor();
      await page.getByLabel('Published root').fill(details.proofRoot);
      await page.getByLabel('Published total').fill(details.proofTotal);
      await page.getByRole('button', { name: 'Check', exact: true }).click();
      await page.getByRole('heading', { name: 'The proof holds' }).waitFor();
      expect(await findFaults(page)).toEqual([]);
      await page.getByLabel('Or paste its text').fill(proof.replace('c0000001', 'c0000002'));
      await page.getByRole('button', { name: 'Check', exact: true }).click();
      await page.getByRole('heading', { name: 'The proof does not hold' }).waitFor();
      await context.close();
    });
  },
);
