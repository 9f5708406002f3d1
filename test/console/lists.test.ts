import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumMissing } from '../browser/chromium.ts';
import { findFaults, launchBrowser, openPage, signIn, untilRead } from './support/browser.ts';
import { type ConsoleSystem, PROGRAM, startConsoleSystem } from './support/console-system.ts';

const BOOKS = `/books/${PROGRAM}`;
/** A build of the app and a system with two closed months. */
const START_MS = 300_000;
const TEST_MS = 120_000;

describe.skipIf(chromiumMissing !== undefined)(
  `lists in Chromium${chromiumMissing ? ` (${chromiumMissing})` : ''}`,
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

    it('allocations are searched, filtered, sorted and jumped into; the address has it all, and the file has the rows', async () => {
      const { context, page, complaints } = await signIn(browser, system, 'rita');
      await openPage(page, `${BOOKS}/periods/2026-10`);
      await page.getByLabel('Show', { exact: true }).selectOption({ label: 'Given an amount' });
      await page.getByLabel('Find a creator').fill('C00000');
      await page.getByRole('button', { name: 'Show', exact: true }).click();
      await untilSearched(page, '?find=C00000&only=paid');
      const region = page.getByRole('region', { name: /^Allocations of 2026-10/ });
      await expect.poll(async () => (await idsOf(page, /^Allocations of 2026-10/)).length).toBeGreaterThan(3);
      const bySize = await idsOf(page, /^Allocations of 2026-10/);
      expect(bySize.every((id) => id.includes('c00000'))).toBe(true);
      await region.getByRole('button', { name: 'Creator' }).click();
      await untilSearched(page, '?find=C00000&only=paid&order=creator');
      const byId = [...bySize].sort();
      await expect.poll(() => idsOf(page, /^Allocations of 2026-10/)).toEqual(byId);

      const csv = await download(page, /Download these allocations/, 'CSV');
      expect(csv.map((line) => line.split(',')[1])).toEqual(['creator_id', ...byId]);
      const totals = await context.request.get(
        `/api/ledger/v1/programs/${PROGRAM}/periods/2026-10/allocations/totals?only=paid&find=C00000`,
      );
      const { amount }: { amount: string } = await totals.json();
      const foot = await region.getByRole('row').last().textContent();
      expect(foot?.replaceAll(',', '')).toContain(amount);

      await page.reload();
      await expect.poll(() => idsOf(page, /^Allocations of 2026-10/)).toEqual(byId);
      await page.getByRole('button', { name: 'Clear' }).click();
      await page.getByLabel('Go to creator').fill('c0000004');
      await page.getByLabel('Go to creator').press('Enter');
      await untilSearched(page, '?from=c0000004');
      await expect.poll(async () => (await idsOf(page, /^Allocations of 2026-10/))[0]).toBe('c0000004');
      expect(await findFaults(page)).toEqual([]);
      await context.close();
      expect(complaints).toEqual([]);
    });

    it('a run’s payouts are sorted by amount and filtered by why they wait; the file has what is shown', async () => {
      const { context, page, complaints } = await signIn(browser, system, 'olga');
      await openPage(page, `${BOOKS}/runs/2026-10-1`);
      const name = /^Payouts of run/;
      await page.getByRole('region', { name }).getByRole('button', { name: 'Net', exact: true }).click();
      await untilSearched(page, '?order=-net');
      const isFalling = (nets: readonly string[]): boolean => {
        const amounts = nets.map((text) => BigInt(text.replaceAll(/[,.]/g, '')));
        return (
          amounts.length > 10 && amounts.every((amount, index) => index === 0 || amount <= (amounts[index - 1] ?? 0n))
        );
      };
      await expect.poll(async () => isFalling(await columnOf(page, name, 5))).toBe(true);
      const payouts = await payoutsOf(page, '2026-10-1');
      const waiting = payouts.filter(({ reason }) => reason === 'incomplete').map(({ creatorId }) => creatorId);
      expect(waiting.length).toBeGreaterThan(0);
      await page.getByLabel('Waits because').selectOption({ label: 'payee or tax country missing' });
      await untilSearched(page, '?reason=incomplete&order=-net');
      const isPlain = (id: string): boolean => /^c\d+$/.test(id); // others are shown with their odd characters spelt out
      await expect
        .poll(async () => (await idsOf(page, name)).filter(isPlain).sort())
        .toEqual(waiting.filter(isPlain).sort());
      const csv = await download(page, /Download these payouts/, 'CSV');
      expect(csv).toHaveLength(waiting.length + 1);
      await page.getByText('It is the program’s first run: there is nothing to compare it with.').waitFor();
      await page.goBack();
      await context.close();
      expect(complaints).toEqual([]);
    });

    it('what changed since the run before is summed by kind, and leads to each creator', async () => {
      const { context, page } = await signIn(browser, system, 'rita');
      const paid = (await payoutsOf(page, '2026-10-1')).find(({ status }) => status === 'due')?.creatorId ?? '';
      await system.run(`hold place --program ${PROGRAM} --creator ${paid} --reason fraud-review`);
      await system.run(`payout-run draft --program ${PROGRAM}`);
      await openPage(page, `${BOOKS}/runs/2026-10-2`);
      const table = page.getByRole('region', { name: 'What changed since run 2026-10-1' });
      await table.getByRole('link', { name: 'were paid then, and are not now' }).click();
      await page.getByRole('heading', { name: 'What changed since the run before', level: 1 }).waitFor();
      await untilRead(page);
      expect(new URL(page.url()).search).toBe('?kind=gone');
      await expect.poll(() => idsOf(page, /^Changes of run/)).toEqual([paid]);
      await page.getByLabel('Creators who', { exact: true }).selectOption({ label: 'get more' });
      await page.getByText('Nobody is there for creators who: get more.').waitFor();
      expect(await findFaults(page)).toEqual([]);
      await context.close();
    });

    it('the journal begins with the newest entry, and is searched by kind, text, creator and date', async () => {
      const { context, page } = await signIn(browser, system, 'rita');
      await openPage(page, `${BOOKS}/journal`);
      const name = /^Journal entries/;
      const newest = await idsOf(page, name);
      await page.getByRole('region', { name }).getByRole('button', { name: 'No.' }).click();
      await untilSearched(page, '?order=seq');
      await expect.poll(() => idsOf(page, name)).toEqual(newest.toReversed());
      await page.getByLabel('Key or details have').fill('ADS-2026');
      await page.getByLabel('Effective from').fill('2026-10-01');
      await page.getByRole('button', { name: 'Show', exact: true }).click();
      await expect.poll(() => idsOf(page, name)).toEqual(['revenue:ads-2026-10']);
      await page.getByRole('button', { name: 'Clear' }).click();
      await page.getByLabel('Of creator').fill('nobody');
      await page.getByLabel('Of creator').press('Enter');
      await page.getByText('No entry is there for of creator: “nobody”.').waitFor();
      await page.getByRole('button', { name: 'Clear' }).click();
      await page.getByLabel('Effective until').fill('2026-09-30');
      await page.getByRole('button', { name: 'Show as it was' }).click();
      await expect.poll(() => idsOf(page, name)).toEqual(expect.not.arrayContaining(['close:2026-10']));
      await page.getByLabel('Posted until (UTC)').fill('2020-01-01');
      await page.getByRole('button', { name: 'Show as it was' }).click();
      await page.getByText('No entry is there for posted until: “2020-01-01T00:00:00.000Z”').waitFor();
      await page.getByRole('button', { name: 'Back to now' }).click();
      await untilSearched(page, '?order=seq');
      await context.close();
    });

    it('creators are found by a part of their id, with what is payable; a creator’s page says where the money is', async () => {
      const { context, page } = await signIn(browser, system, 'rita');
      await openPage(page, `${BOOKS}/creators`);
      await page.getByLabel('Id or handle has').fill('<IMG');
      await page.getByRole('button', { name: 'Show', exact: true }).click();
      const name = /^Registered creators/;
      await expect.poll(() => idsOf(page, name)).toEqual(['<img src=x onerror=alert(1)>']);
      await page.getByText('of 1 that fit').waitFor();
      await page.getByRole('region', { name }).getByRole('link').first().click();
      await page.getByText('Payable', { exact: true }).waitFor();
      await context.close();
    });

    it('the audit log begins with the newest request, and is searched by outcome and request', async () => {
      const { context, page } = await signIn(browser, system, 'rita');
      await openPage(page, '/audit-log?action=payout-runs');
      const all = await idsOf(page, /^Audit log/);
      expect(all.length).toBeGreaterThan(1);
      expect(all.every((text) => text.includes('payout-runs'))).toBe(true);
      await page.getByLabel('Answer').selectOption({ label: 'Failed' });
      await page.getByText('No request is there for answer: Failed, request has: “payout-runs”.').waitFor();
      await context.close();
    });
  },
);

async function untilSearched(page: Page, search: string): Promise<void> {
  await expect.poll(() => decodeURIComponent(new URL(page.url()).search)).toBe(search);
  await untilRead(page);
}

/** The row headers of a table. */
async function idsOf(page: Page, name: RegExp): Promise<string[]> {
  await untilRead(page);
  const texts = await page.getByRole('region', { name }).locator('tbody').getByRole('rowheader').allTextContents();
  return texts.map((text) => text.trim());
}

/** The texts of a table's column, by its place. */
async function columnOf(page: Page, name: RegExp, place: number): Promise<string[]> {
  await untilRead(page);
  return page
    .getByRole('region', { name })
    .locator(`tbody tr > :nth-child(${place + 1})`)
    .allTextContents();
}

/** The payouts of a run by the API. */
async function payoutsOf(
  page: Page,
  run: string,
): Promise<readonly { creatorId: string; status: string; reason: string | null }[]> {
  const answer = await page
    .context()
    .request.get(`/api/ledger/v1/programs/${PROGRAM}/payout-runs/${run}/payouts?limit=1000`);
  return (await answer.json()).items;
}

/** Lines of a file that the page offers. */
async function download(page: Page, what: RegExp, format: string): Promise<string[]> {
  const link = page.locator('.downloads').filter({ hasText: what }).getByRole('link', { name: format });
  const answer = await page.context().request.get((await link.getAttribute('href')) ?? '');
  expect(answer.status()).toBe(200);
  return (await answer.text()).trimEnd().split('\n');
}
