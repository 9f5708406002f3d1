import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumMissing } from '../browser/chromium.ts';
import { approveNewest } from './support/approve.ts';
import { findFaults, launchBrowser, openPage, signIn, untilRead } from './support/browser.ts';
import { type ConsoleSystem, PROGRAM, startConsoleSystem } from './support/console-system.ts';
import { focusedText, tabTo } from './support/keyboard.ts';

const BOOKS = `/books/${PROGRAM}`;
const START_MS = 300_000;
const TEST_MS = 180_000;

// One system, worked through: the tests build on each other.
describe.skipIf(chromiumMissing !== undefined)(
  `the books by hand in Chromium${chromiumMissing ? ` (${chromiumMissing})` : ''}`,
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

    it('a total opens what it came from, down to the events of one like', async () => {
      const { context, page, complaints } = await signIn(browser, system, 'rita');
      await openPage(page, BOOKS);
      await page
        .getByRole('region', { name: 'Periods' })
        .getByRole('link', { name: /October 2026|2026-10/ })
        .click();
      await page.getByRole('heading', { name: 'October 2026', level: 1 }).waitFor();
      await untilRead(page);
      const allocations = page.getByRole('region', { name: 'Allocations of 2026-10' });
      const creator = (await allocations.getByRole('rowheader').first().textContent()) ?? '';
      await allocations.getByRole('rowheader').first().getByRole('link').click();
      await page.getByRole('heading', { name: creator, level: 1 }).waitFor();
      await page
        .getByRole('row')
        .filter({ has: page.getByRole('rowheader', { name: '2026-10', exact: true }) })
        .getByRole('link', { name: /^Why/ })
        .click();
      await page.getByRole('heading', { name: 'Eligibility' }).waitFor();
      await untilRead(page);
      expect(new URL(page.url()).pathname).toContain('/why/2026-10');
      const judged = page.getByRole('region', { name: 'Events that this close judged' });
      const shown = (await judged.getByRole('row').nth(1).textContent()) ?? '';
      const base = `/api/reports/v1/programs/${PROGRAM}/periods/2026-10/creators/${creator}/explanation`;
      const { items } = await (await context.request.get(`${base}/events`)).json();
      expect(shown).toContain(items[0].viewerId);
      const counted = /(\d+) likes, (\d+) unlikes, (\d+) follows and (\d+) unfollows count/;
      const said =
        counted
          .exec((await page.locator('main').textContent()) ?? '')
          ?.slice(1)
          .map(Number) ?? [];
      // Every one of them is an event in the list: nothing counts that cannot be looked at.
      const all = await (await context.request.get(`${base}/events?rule=counted&limit=1000`)).json();
      expect(said.reduce((sum, count) => sum + count, 0)).toBe(all.items.length);
      await context.close();
      expect(complaints).toEqual([]);
    });

    it('a new policy is compared provision by provision, and applied from a period that is open', async () => {
      const { context, page } = await signIn(browser, system, 'olga');
      await openPage(page, `${BOOKS}/policy`);
      await page.getByRole('rowheader', { name: 'Points of a follow' }).waitFor();
      const { policy } = await (await context.request.get(`/api/ledger/v1/programs/${PROGRAM}/policies/1`)).json();
      const next = { ...policy, weights: { ...policy.weights, follow: '7' } };
      await page.getByLabel('Policy (YAML or JSON)').fill(JSON.stringify(next));
      await page.getByText(/^1 provision of \d+ differs$/).waitFor();
      const change = page.getByRole('row').filter({ hasText: 'weights.follow' }).last();
      expect(await change.getByRole('cell').allTextContents()).toEqual(['5', '7', 'changed']);
      expect(await findFaults(page)).toEqual([]);
      await page.getByLabel('First period (optional)').fill('2026-13');
      await page.getByText('Give a period, as 2026-11').waitFor();
      await page.getByLabel('First period (optional)').fill('2026-12');
      await page.getByRole('button', { name: 'Apply this version …' }).click();
      await page.getByRole('dialog').getByText('from 2026-12 on, in the place of version 1').waitFor();
      expect(await findFaults(page)).toEqual([]);
      await page.getByRole('button', { name: 'Apply the version' }).click();
      await page.getByText('Applied as version 2, from 2026-12 on').waitFor();

      // Taking something off what needs a second person needs one, always.
      await page.getByLabel('Policy (YAML or JSON)').fill(JSON.stringify({ ...next, approvals: [] }));
      await page.getByRole('button', { name: 'Apply this version …' }).click();
      await page.getByRole('button', { name: 'Apply the version' }).click();
      await page.getByText(/^Request \d+ waits for a second person$/).waitFor();
      const ben = await signIn(browser, system, 'ben');
      await openPage(ben.page, `${BOOKS}/approvals`);
      await ben.page
        .getByRole('button', { name: /^Open request/ })
        .first()
        .click();
      await ben.page.getByRole('button', { name: 'Approve and do it' }).click();
      await ben.page.getByRole('dialog').waitFor({ state: 'detached' });
      await openPage(page, `${BOOKS}/policy?old=2&new=3`);
      await page.getByText(/^\d+ provisions? of \d+ differs?$/).waitFor();
      await page.getByRole('row').filter({ hasText: 'approvals' }).getByRole('cell', { name: 'none' }).waitFor();
      await Promise.all([context.close(), ben.context.close()]);
    });

    it('a list of creators is registered whole, or refused with the line of each fault', async () => {
      const { context, page } = await signIn(browser, system, 'olga');
      await openPage(page, `${BOOKS}/import-creators`);
      await chooseFile(
        page,
        'creators.csv',
        'creatorId,country,followers\nnew-1,ID,5\nnew-2,Indonesia,6\nnew-1,ID,x\n',
      );
      const faults = page.getByRole('list', { name: 'Faults of the file' });
      await faults.getByText(/line 3, column 2/).waitFor();
      await faults
        .getByText(/line 4/)
        .first()
        .waitFor();
      expect(await findFaults(page)).toEqual([]);
      await chooseFile(page, 'creators.csv', 'creatorId,country,followers\nnew-1,ID,5\nnew-2,ID,6\n');
      await page.getByText('Read 2 creators').waitFor();
      await page.getByText('2 new, 0 changed, 0 as they were.').waitFor();
      await context.close();
    });

    it('a balance is adjusted, written off and put right again, by two people', async () => {
      const olga = await signIn(browser, system, 'olga');
      const ben = await signIn(browser, system, 'ben');
      await openPage(olga.page, `${BOOKS}/creators/c0000002`);
      await olga.page.getByRole('button', { name: 'Adjust the balance …' }).click();
      await olga.page.getByLabel('Amount in IDR').fill('1,000.005');
      await olga.page.getByRole('button', { name: 'Book it' }).click();
      await olga.page.getByText('IDR has 2').waitFor();
      await olga.page.getByText('Give a reference').waitFor();
      expect(await findFaults(olga.page)).toEqual([]);
      await olga.page.getByLabel('Amount in IDR').fill('-12,500.50');
      await olga.page.getByLabel('Why', { exact: true }).fill('A fee was charged twice');
      await olga.page.getByLabel('Reference').fill('case-1');
      await olga.page.getByRole('button', { name: 'Book it' }).click();
      await olga.page.getByText(/^Request \d+ waits for a second person$/).waitFor();
      await approveNewest(ben.page);
      await openPage(olga.page, `${BOOKS}/journal/adjustment%3Acase-1`);
      await olga.page.getByRole('button', { name: 'Reverse …' }).click();
      await olga.page.getByLabel('Why', { exact: true }).fill('It was right after all');
      await olga.page.getByRole('button', { name: 'Reverse the entry' }).click();
      await olga.page.getByText(/^Request \d+ waits for a second person$/).waitFor();
      await approveNewest(ben.page);
      await openPage(ben.page, `${BOOKS}/journal/adjustment%3Acase-1`);
      await ben.page.getByText('ben does not have the right to operate programs.').waitFor();
      await ben.page.getByRole('link', { name: 'reversal:adjustment:case-1' }).click();
      await ben.page.getByRole('link', { name: 'adjustment:case-1', exact: true }).waitFor();
      await openPage(olga.page, `${BOOKS}/creators/c0000002`);
      await olga.page.getByRole('cell', { name: '−12,500.50' }).waitFor();
      // As of before it was booked, it is not there.
      await olga.page.getByLabel('Effective until').fill('2026-10-31');
      await olga.page.getByRole('button', { name: 'Show', exact: true }).click();
      await olga.page.getByText('As it was').waitFor();
      await olga.page.getByRole('cell', { name: '−12,500.50' }).waitFor({ state: 'detached' });
      await Promise.all([olga.context.close(), ben.context.close()]);
    });

    it('cash comes in, and tax that runs withheld is remitted once', async () => {
      const olga = await signIn(browser, system, 'olga');
      const ben = await signIn(browser, system, 'ben');
      await openPage(olga.page, `${BOOKS}/cash`);
      await olga.page.getByText('No tax is due').waitFor();
      await olga.page.getByRole('button', { name: 'Book money that came in' }).click();
      await olga.page.getByLabel('Amount in IDR').fill('39,730,000,000');
      await olga.page.getByLabel('Reference').fill('BANK-IN-1');
      expect(await findFaults(olga.page)).toEqual([]);
      await olga.page.getByRole('button', { name: 'Book it' }).click();
      await olga.page.getByText('Booked: IDR 39,730,000,000.00').waitFor();
      await olga.page.getByRole('link', { name: 'platform:cash' }).waitFor();

      await openPage(olga.page, `${BOOKS}/runs`);
      await olga.page.getByRole('button', { name: 'Draft a run' }).click();
      await olga.page.getByRole('heading', { name: /^Payout run 2026-10-/ }).waitFor();
      const run = new URL(olga.page.url()).pathname;
      await openPage(ben.page, run);
      await ben.page.getByRole('button', { name: 'Approve …' }).click();
      await ben.page.getByRole('button', { name: 'Approve and post' }).click();
      await ben.page.getByRole('list', { name: 'Steps of the run' }).getByText('Approved and posted').waitFor();

      await openPage(olga.page, `${BOOKS}/cash`);
      await olga.page.getByRole('button', { name: 'Remit all of ID …' }).click();
      await olga.page.getByRole('button', { name: 'Book the remittance' }).click();
      await olga.page.getByText('Give the tax office’s reference').waitFor();
      expect(await findFaults(olga.page)).toEqual([]);
      await olga.page.getByRole('dialog').getByLabel('Reference').fill('TAX-2026-10');
      await olga.page.getByRole('button', { name: 'Book the remittance' }).click();
      await olga.page.getByText(/^Remitted: IDR [\d,]+\.\d\d of ID$/).waitFor();
      await olga.page.getByText('No tax is due').waitFor();
      await Promise.all([olga.context.close(), ben.context.close()]);
    });

    it('statements and books come to zero, line by line, and another person marks the period', async () => {
      const olga = await signIn(browser, system, 'olga');
      const ben = await signIn(browser, system, 'ben');
      const at = `${BOOKS}/reconciliation?period=2026-10`;
      await openPage(olga.page, at);
      const head = 'reference,amount,date,currency\n';
      await chooseFile(
        olga.page,
        'ads.csv',
        `${head}ads-2026-10,39730000000.00,2026-10-31,IDR\nads-x,12.00,2026-10-30,IDR\n`,
      );
      await olga.page.getByText('Imported 2 lines').waitFor();
      await olga.page.getByRole('button', { name: 'Show the lines of default' }).click();
      const lines = olga.page.getByRole('region', { name: /^Lines of the revenue statement/ });
      await lines.getByRole('row').filter({ hasText: 'ads-2026-10' }).getByText('agrees').waitFor();
      await lines.getByRole('row').filter({ hasText: 'ads-x' }).getByText('not in the books').waitFor();
      expect(await findFaults(olga.page)).toEqual([]);
      await openPage(ben.page, at);
      expect(await ben.page.getByRole('button', { name: /^Mark October/ }).count()).toBe(0);
      await olga.page.getByRole('button', { name: 'Explain ads-x' }).click();
      await olga.page.getByLabel('Explanation').fill('A test of the ad platform, paid back in November');
      await olga.page.getByRole('button', { name: 'Keep the explanation' }).click();
      await olga.page.getByRole('dialog').waitFor({ state: 'detached' });
      await openPage(ben.page, at);
      await ben.page.getByRole('button', { name: 'Mark October 2026 reconciled' }).click();
      await ben.page.getByRole('button', { name: 'Mark it reconciled' }).click();
      await ben.page.getByText('Reconciled', { exact: true }).first().waitFor();
      await Promise.all([olga.context.close(), ben.context.close()]);
    });

    it('a key for one program sees that one alone, and says so', async () => {
      await system.run('program apply seeds/gulf-live/policy.yaml');
      const petra = await signIn(browser, system, 'petra');
      await openPage(petra.page, '/keys');
      await petra.page.getByRole('button', { name: 'Make a key' }).click();
      await petra.page.getByLabel('Who uses it').fill('agency');
      await petra.page
        .getByLabel('For which programs')
        .selectOption({ label: 'Only some: it sees and changes no others' });
      await petra.page.getByRole('button', { name: 'Make the key' }).click();
      await petra.page.getByText('Choose one program or more').waitFor();
      expect(await findFaults(petra.page)).toEqual([]);
      await petra.page.getByRole('checkbox', { name: /gulf-live/ }).check();
      await petra.page.getByRole('checkbox', { name: 'approve' }).check();
      await petra.page.getByRole('button', { name: 'Make the key' }).click();
      const key = (await petra.page.getByRole('dialog').locator('code.hash').textContent()) ?? '';
      expect(key).toMatch(/^rb_/);
      await petra.page.getByRole('button', { name: 'It is kept' }).click();
      await petra.page.getByRole('row').filter({ hasText: 'agency' }).getByText('gulf-live').waitFor();

      const context = await browser.newContext({ baseURL: system.url });
      await context.request.post('/session', { headers: { origin: system.url }, data: { key } });
      const page = await context.newPage();
      await page.goto('/');
      await page.getByRole('heading', { level: 1 }).waitFor();
      await expect.poll(() => new URL(page.url()).pathname).toBe('/books/gulf-live');
      await page.getByRole('button', { name: 'agency' }).click();
      await page.getByText('Only for: gulf-live').waitFor();
      await page.keyboard.press('Escape');
      await openPage(page, BOOKS);
      await page.getByRole('heading', { name: 'There is no such program' }).waitFor();
      await openPage(page, '/keys');
      await page.getByText('You see those that are only for gulf-live.').waitFor();
      expect(await page.getByRole('rowheader').allTextContents()).toEqual(['agency']);
      await Promise.all([context.close(), petra.context.close()]);
    });

    it('a hold is placed and lifted, money booked and found again, by keyboard alone', async () => {
      const { context, page } = await signIn(browser, system, 'olga');
      await openPage(page, BOOKS);
      await tabTo(page, 'Creators');
      await page.keyboard.press('Enter');
      await expect.poll(() => focusedText(page)).toBe('Creators');
      await tabTo(page, 'Creator id');
      await page.keyboard.type('c0000004');
      await page.keyboard.press('Enter');
      await expect.poll(() => focusedText(page)).toBe('c0000004');
      await untilRead(page);
      await tabTo(page, 'Place a hold');
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
      await tabTo(page, 'Reason');
      await page.keyboard.type('passport');
      await page.keyboard.press('Enter');
      await page.getByText('On hold: passport', { exact: true }).waitFor();
      // The dialog is gone, and the focus is back where it was opened.
      await expect.poll(() => focusedText(page)).toBe('Place a hold');
      await tabTo(page, 'Lift this hold');
      await page.keyboard.press('Enter');
      await page.getByText('On hold: passport', { exact: true }).waitFor({ state: 'detached' });
      await tabTo(page, 'Cash and tax', 'Shift+Tab');
      await page.keyboard.press('Enter');
      await expect.poll(() => focusedText(page)).toBe('Cash and tax');
      await tabTo(page, 'Book money that came in');
      await page.keyboard.press('Enter');
      await tabTo(page, 'What it is');
      await page.keyboard.type('Funding');
      await tabTo(page, 'Amount in IDR');
      await page.keyboard.type('1000');
      await tabTo(page, 'Reference');
      await page.keyboard.type('BY-HAND');
      await page.keyboard.press('Enter');
      await page.getByText('Booked: IDR 1,000.00').waitFor();
      await tabTo(page, 'funding:BY-HAND', 'Shift+Tab');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'funding:BY-HAND' }).waitFor();
      await context.close();
    });
  },
);

type Page = Awaited<ReturnType<typeof signIn>>['page'];

async function chooseFile(page: Page, name: string, text: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await page.getByRole('button', { name: 'Choose a file' }).click();
  await (await chooser).setFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
}
