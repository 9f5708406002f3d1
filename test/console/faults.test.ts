import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumMissing } from '../browser/chromium.ts';
import { findFaults, launchBrowser, openPage, signIn, untilRead } from './support/browser.ts';
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

    it('two tabs: what one has done the other is refused, and it is not done twice', async () => {
      const { context, page: first } = await signIn(browser, system, 'ben');
      const second = await context.newPage();
      const at = `${BOOKS}/runs/2026-10-1`;
      await openPage(first, at);
      await openPage(second, at);
      await first.bringToFront(); // what is behind is not drawn
      await first.getByRole('button', { name: 'Approve …' }).click();
      await first.getByText('You sign that').waitFor();
      await second.bringToFront();
      await second.getByRole('button', { name: 'Approve …' }).click();
      await second.getByText('You sign that').waitFor();
      await second.getByRole('button', { name: 'Approve and post' }).click();
      await second.getByRole('list', { name: 'Steps of the run' }).getByText('Approved and posted').waitFor();
      // The first one either knows already, and offers it no more, or asks once more for what is done.
      await first.bringToFront();
      await first.evaluate(press('Approve and post'));
      await first
        .getByRole('dialog')
        .getByText('Nothing was approved')
        .or(first.getByText('Approved and posted'))
        .first()
        .waitFor();
      const answer = await context.request.get(`/api/ledger/v1/programs/${PROGRAM}/payout-runs/2026-10-1`);
      const { decisions }: { decisions: { decision: string }[] } = await answer.json();
      expect(decisions.filter(({ decision }) => decision === 'approve')).toHaveLength(1);
      await context.close();
    });

    it('two tabs lift one hold: it is lifted once, and the other tab says what came of it', async () => {
      const { context, page: first } = await signIn(browser, system, 'olga');
      await system.run(`hold place --program ${PROGRAM} --creator c0000006 --reason twice`);
      const second = await context.newPage();
      const at = `${BOOKS}/creators/c0000006`;
      await openPage(first, at);
      await openPage(second, at);
      await second.getByRole('button', { name: 'Lift this hold' }).click();
      await second.getByText('On hold: twice').waitFor({ state: 'detached' });
      await first.bringToFront();
      await first.evaluate(press('Lift this hold'));
      await first.getByText('On hold: twice').waitFor({ state: 'detached' });
      await context.close();
    });

    it('back and forward lead through what was looked at, and a reload keeps it', async () => {
      const { context, page } = await signIn(browser, system, 'olga');
      await openPage(page, `${BOOKS}/policy`);
      await page.getByLabel('Compare').selectOption({ label: 'Version 1' });
      await page.getByText(/^No difference/).waitFor();
      await page.getByRole('link', { name: 'Journal' }).click();
      await page.getByRole('heading', { name: 'Journal', level: 1 }).waitFor();
      await page.goBack();
      await page.getByText(/^No difference/).waitFor();
      await page.goBack();
      await page.getByRole('heading', { name: 'What version 1 says' }).waitFor();
      await page.goForward();
      await page.getByText(/^No difference/).waitFor();
      await page.reload();
      await page.getByText(/^No difference/).waitFor();
      expect(new URL(page.url()).search).toBe('?old=1');
      await context.close();
    });

    it('a reload in the middle of a form keeps what was typed, in every form', async () => {
      const { context, page } = await signIn(browser, system, 'olga');
      for (const { path, open, field, text } of FORMS) {
        await openPage(page, path);
        await open(page);
        await page.getByLabel(field).last().fill(text);
        await page.reload();
        await page.getByRole('heading', { level: 1 }).waitFor();
        await untilRead(page);
        await open(page);
        expect([path, await page.getByLabel(field).last().inputValue()]).toEqual([path, text]);
      }
      await context.close();
    });
  },
);

const pressed = (name: string) => (page: Page) => page.getByRole('button', { name }).first().click();
/** Presses a button where it still is: between a look and a press it may go. */
const press = (text: string) =>
  `[...document.querySelectorAll('button')].find(({ textContent }) => textContent === ${JSON.stringify(text)})?.click()`;

const nothing = async (): Promise<void> => undefined;

/** Forms of the books, and a field of each. */
const FORMS: readonly {
  readonly path: string;
  open(page: Page): Promise<void>;
  readonly field: string | RegExp;
  readonly text: string;
}[] = [
  {
    path: `${BOOKS}/creators/c0000001`,
    open: pressed('Place a hold'),
    field: 'Note (optional)',
    text: 'A "note" of 名前',
  },
  { path: `${BOOKS}/creators/c0000001`, open: pressed('Adjust the balance …'), field: 'Amount in IDR', text: '1,5' },
  { path: `${BOOKS}/cash`, open: pressed('Book money that came in'), field: 'Reference', text: 'BANK-7' },
  { path: `${BOOKS}/policy`, open: nothing, field: 'Policy (YAML or JSON)', text: 'program: half' },
  { path: '/new-program', open: nothing, field: 'Policy (YAML or JSON)', text: 'program: other-half' },
];
