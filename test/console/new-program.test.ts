import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumMissing } from '../browser/chromium.ts';
import { findFaults, launchBrowser, openPage, signIn, untilRead } from './support/browser.ts';
import { type ConsoleSystem, startEmptySystem } from './support/console-system.ts';

const PROGRAM = 'kwai-br';
const BOOKS = `/books/${PROGRAM}`;
const START_MS = 300_000;
/** Two closes and a payout run, each step pressed by a person. */
const JOURNEY_MS = 300_000;

describe.skipIf(chromiumMissing !== undefined)(
  `a new program in Chromium${chromiumMissing ? ` (${chromiumMissing})` : ''}`,
  { timeout: JOURNEY_MS },
  () => {
    let system: ConsoleSystem;
    let browser: Browser;
    beforeAll(async () => {
      [system, browser] = await Promise.all([startEmptySystem(), launchBrowser()]);
    }, START_MS);
    afterAll(async () => {
      await browser?.close();
      await system?.close();
    });

    it('goes from a pack to money at the bank and a proof of it, all by hand in the page', async () => {
      const olga = await signIn(browser, system, 'olga');
      const ben = await signIn(browser, system, 'ben');
      await makeProgram(olga.page);
      await sendEvents(system);
      for (const [period, title] of [
        ['2026-09', 'September 2026'],
        ['2026-10', 'October 2026'],
      ] as const) {
        await closePeriod(olga.page, period, title);
      }
      await payOut(olga.page, ben.page);
      await prove(olga.page);
      expect([...olga.complaints, ...ben.complaints]).toEqual([]);
      await Promise.all([olga.context.close(), ben.context.close()]);
    });

    it('is not made under a name that is taken, nor from a file that is no policy, which says where', async () => {
      const { context, page } = await signIn(browser, system, 'olga');
      await openPage(page, '/new-program');
      await page.getByLabel('What to begin with').selectOption({ label: `Pack ${PROGRAM}` });
      await page.getByRole('button', { name: 'Make the program' }).click();
      await page.getByText(`There is a program ${PROGRAM} already`).waitFor();

      await page.getByLabel('What to begin with').selectOption({ label: 'A policy of your own' });
      const own = 'program: other-br\nname: Other\ncurrency: BRL\ntimeZone: America/Sao_Paulo\nperiod: fortnight\n';
      await page.getByLabel('Policy (YAML or JSON)').fill(own);
      await page.getByText('Line 5, column 9').waitFor();
      expect(await findFaults(page)).toEqual([]);
      await page.getByLabel('Policy (YAML or JSON)').fill(`${own.replace('fortnight', 'month')}revenueShare: "0.05"\n`);
      // What is typed stays over a reload.
      await page.getByRole('rowheader', { name: 'Share of the revenue that goes into the pool' }).waitFor();
      await page.reload();
      await page.getByLabel('Name').fill('Another program');
      await page.getByRole('button', { name: 'Make the program' }).click();
      await page.getByRole('link', { name: 'Open other-br' }).click();
      await page.getByRole('heading', { name: 'Another program' }).waitFor();
      await context.close();

      const rita = await signIn(browser, system, 'rita');
      await openPage(rita.page, '/new-program');
      await rita.page.getByText('rita does not have the right to operate programs.').waitFor();
      await rita.context.close();
    });
  },
);

async function makeProgram(page: Page): Promise<void> {
  await page.goto('/');
  await page.getByRole('link', { name: 'Make one' }).click();
  await page.getByLabel('What to begin with').selectOption({ label: `Pack ${PROGRAM}` });
  await page.getByRole('rowheader', { name: 'Points of a like' }).waitFor();
  expect(await findFaults(page)).toEqual([]);
  await page.getByRole('button', { name: 'Make the program' }).click();
  const done = page.getByRole('list', { name: 'What is done' });
  await done.getByText('The program is there, with policy version 1').waitFor();
  await done.getByText('Revenue of 2026-10: revenue:ads-2026-10').waitFor();
  await page.getByRole('link', { name: `Open ${PROGRAM}` }).click();
  await page.getByRole('heading', { name: 'What needs somebody now' }).waitFor();
}

/** Events come by the API: from the platform, not from a person. */
async function sendEvents({ folder, run }: ConsoleSystem): Promise<void> {
  const recorded = join(folder, 'events.ndjson');
  await run(`generate ${PROGRAM} --events 3000 -o ${recorded}`);
  await run(`replay ${recorded} --program ${PROGRAM}`);
}

async function closePeriod(page: Page, period: string, title: string): Promise<void> {
  await openPage(page, `${BOOKS}/periods/${period}`);
  await page.getByRole('heading', { name: title, level: 1 }).waitFor();
  await page.getByRole('button', { name: /^Close/ }).click();
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Close/ })
    .click();
  await page.getByRole('region', { name: `Allocations of ${period}` }).waitFor({ timeout: 60_000 });
}

async function payOut(drafter: Page, approver: Page): Promise<void> {
  await openPage(drafter, `${BOOKS}/runs`);
  await drafter.getByRole('button', { name: 'Draft a run' }).click();
  await drafter.getByRole('heading', { name: 'Payout run 2026-10-1' }).waitFor();
  await openPage(approver, `${BOOKS}/runs/2026-10-1`);
  await approver.getByRole('button', { name: 'Approve …' }).click();
  await approver.getByRole('button', { name: 'Approve and post' }).click();
  await approver.getByRole('list', { name: 'Steps of the run' }).getByText('Approved and posted').waitFor();
  await openPage(drafter, `${BOOKS}/runs/2026-10-1`);
  await drafter.getByRole('button', { name: 'Mark as exported' }).click();
  await drafter.getByRole('dialog').getByRole('button', { name: 'Mark as exported' }).click();
  await drafter.getByRole('button', { name: 'Settle', exact: true }).click();
  await drafter.getByRole('button', { name: 'Settle the run' }).click();
  await drafter.getByText('Went to the bank').waitFor();
}

/** From the run to a creator who was paid, the proof of it, and its check against what the close published. */
async function prove(page: Page): Promise<void> {
  await page
    .getByRole('region', { name: /^Payouts/ })
    .getByRole('link')
    .first()
    .click();
  await page.getByRole('heading', { name: 'Statement' }).waitFor();
  await untilRead(page);
  const download = page.waitForEvent('download');
  await page
    .getByRole('link', { name: /[Pp]roof/ })
    .first()
    .click();
  const proof = await readFile(await (await download).path(), 'utf8');
  const { period }: { period: string } = JSON.parse(proof);
  await openPage(page, `${BOOKS}/journal/close%3A${period}`);
  const published = await page.getByText(/^[0-9a-f]{64}$/).allTextContents();
  await openPage(page, '/proof');
  await page.getByLabel('Or paste its text').fill(proof);
  await page.getByRole('button', { name: 'Check', exact: true }).click();
  await page.getByText('The proof is sound in itself').waitFor();
  expect(published.length).toBeGreaterThan(0);
}
