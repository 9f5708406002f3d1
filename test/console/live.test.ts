import { randomBytes } from 'node:crypto';
import { connect } from '@rewardbook/db/client';
import { findFreePort } from '@rewardbook/local/free-port';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { chromiumMissing } from '../browser/chromium.ts';
import { type ServiceProcess, startServiceProcess } from '../support/service-process.ts';
import { findFaults, launchBrowser, openPage, signIn, untilRead } from './support/browser.ts';
import { type ConsoleSystem, PROGRAM, personOf, startConsoleSystem } from './support/console-system.ts';

const BOOKS = `/books/${PROGRAM}`;
const LIVE = `/replay/${PROGRAM}`;
/** A build of the app and a system with two closed months. */
const START_MS = 300_000;
/** Services start anew in one of them. */
const TEST_MS = 240_000;
/** A name that reads from right to left, and one that is markup. */
const VIEWERS = ['مشاهد', '<b>viewer</b>'];

describe.skipIf(chromiumMissing !== undefined)(
  `live in Chromium${chromiumMissing ? ` (${chromiumMissing})` : ''}`,
  { timeout: TEST_MS },
  () => {
    let system: ConsoleSystem;
    let browser: Browser;
    beforeAll(async () => {
      [system, browser] = await Promise.all([startConsoleSystem({ events: 2_000 }), launchBrowser()]);
    }, START_MS);
    afterEach(async () => {
      await Promise.all(browser.contexts().map((context) => context.close())); // of a test that failed
    });
    afterAll(async () => {
      await browser?.close();
      await system?.close();
    });

    /** Sends events as one body, which is one batch, as olga does from elsewhere. */
    async function send(events: readonly unknown[]): Promise<void> {
      const answer = await fetch(`${system.urls.events}/v1/programs/${PROGRAM}/events`, {
        method: 'POST',
        headers: { authorization: `Bearer ${personOf(system, 'olga').key}`, 'content-type': 'application/json' },
        body: JSON.stringify(events),
      });
      expect(answer.status).toBe(200);
    }

    it('shows what arrives as it arrives: rates, batches that open, and refused events with what was sent', async () => {
      const { context, page, complaints } = await signIn(browser, system, 'olga');
      await openPage(page, LIVE);
      await page.getByText('live', { exact: true }).waitFor();
      await send([...likes('first', 40), ...likes('first', 5)]);
      await figure(page, 'Duplicates a second').getByText('5 in the last minute').waitFor();
      await page.getByText('95 of 100 in the last minute').waitFor();
      await page.getByText('Table of “Events a second”').click();
      await page
        .getByRole('region', { name: 'Events a second' })
        .getByRole('cell', { name: '40', exact: true })
        .first()
        .waitFor();

      const batches = page.getByRole('region', { name: 'Batches, the newest first' });
      const newest = batchOf(page, 40);
      await newest.getByRole('button', { name: 'Details' }).press('Enter');
      await batches.getByRole('rowheader', { name: 'first-0', exact: true }).waitFor();
      await untilRead(page);
      expect(await findFaults(page)).toEqual([]);

      await page.getByRole('link', { name: 'Refused events' }).click();
      await page.getByText('No event was refused.').waitFor();
      const wrong = VIEWERS.map((viewerId, index) => ({
        ...likes('wrong', 1)[0],
        id: `wrong-${index}`,
        viewerId,
        type: 'love',
      }));
      await send([...wrong, 7]);
      await figure(page, 'Rejected a second').getByText('3 in the last minute').waitFor();
      await page.getByRole('rowheader', { name: 'wrong-1' }).waitFor();
      await page.getByLabel('Viewer').fill(VIEWERS[0] ?? '');
      await page.getByLabel('Viewer').press('Enter');
      await page.getByText('searched all 3 refused events').waitFor();
      const refused = page.getByRole('region', { name: 'Refused events, the newest first' });
      expect(await refused.getByRole('rowheader').allTextContents()).toEqual(['wrong-0']);
      await refused.getByRole('button', { name: 'Details' }).click();
      await refused.getByText(`"viewerId":"${VIEWERS[0]}"`).waitFor();
      expect(await findFaults(page)).toEqual([]);
      await page.getByLabel('Viewer').fill('nobody');
      await page.getByRole('button', { name: 'Search' }).click();
      await page.getByText('No refused event is kept with viewer “nobody”.').waitFor();

      await page.getByRole('link', { name: 'Events', exact: true }).click();
      await page.getByLabel('Event id').fill('first-7');
      await page.getByLabel('Event id').press('Enter');
      await page.getByText('1 event.').waitFor();
      await page.getByRole('rowheader', { name: 'first-7', exact: true }).waitFor();
      await page.reload();
      await page.getByRole('rowheader', { name: 'first-7', exact: true }).waitFor();
      expect(complaints).toEqual([]);
      await context.close();
    });

    it('stays unchanged while it is paused', async () => {
      const { context, page } = await signIn(browser, system, 'olga');
      await openPage(page, LIVE);
      await page.getByText('live', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByText('paused', { exact: true }).waitFor();
      await vi.waitFor(async () => expect(await listeners(system.urls.events)).toBe(0), 10_000);
      await send(likes('paused', 33));
      await page.getByRole('button', { name: 'Go on' }).click();
      await batchOf(page, 33).waitFor();
      await context.close();
    });

    it('says that a killed service is gone, and goes on without a reload when it is back', async () => {
      const [eventsPort, consolePort] = [await findFreePort(), await findFreePort()];
      const events = await startServiceProcess('engagement-events', eventsPort, { DATABASE_URL: system.ownerUrl });
      let own: ServiceProcess | undefined;
      try {
        own = await startServiceProcess('console', consolePort, {
          EVENTS_URL: `http://127.0.0.1:${eventsPort}`,
          LEDGER_URL: system.urls.ledger,
          REPORTS_URL: system.urls.reports,
          SESSION_SECRET: randomBytes(32).toString('hex'),
        });
        const url = `http://127.0.0.1:${consolePort}`;
        const { context, page } = await signIn(browser, { ...system, url }, 'olga');
        await openPage(page, LIVE);
        await page.getByText('live', { exact: true }).waitFor();
        const restarted = events.killAndRestart();
        await page.getByText('These figures are not live').waitFor();
        expect(await findFaults(page)).toEqual([]);
        await restarted;
        await page.getByText('These figures are not live').waitFor({ state: 'detached' });
        await send(likes('after', 17));
        await batchOf(page, 17).waitFor();
        await context.close();
      } finally {
        await own?.stop();
        await events.stop();
      }
    });

    it('ends the stream of somebody who signs out', async () => {
      const { context, page } = await signIn(browser, system, 'rita');
      await openPage(page, LIVE);
      await page.getByText('live', { exact: true }).waitFor();
      expect(await listeners(system.urls.events)).toBe(1);
      // From another tab of the same browser.
      await context.request.delete('/session', { headers: { origin: system.url } });
      await page.getByRole('dialog', { name: 'Your session has ended' }).waitFor();
      await vi.waitFor(async () => expect(await listeners(system.urls.events)).toBe(0), 10_000);
      await vi.waitFor(async () => expect(await listeners(system.urls.ledger)).toBe(0), 10_000);
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('API key').fill(personOf(system, 'rita').key);
      await dialog.getByRole('button', { name: 'Sign in' }).click();
      await page.getByText('live', { exact: true }).waitFor();
      await context.close();
    });

    it('checks the books from the page: progress, an end before it is done, and the result, which the overview tells', async () => {
      const locks = connect(system.ownerUrl, { max: 1 });
      const { context, page, complaints } = await signIn(browser, system, 'rita');
      await openPage(page, `${BOOKS}/integrity`);
      await page.getByText('The books of this program were not checked yet.').waitFor();
      await locks.unsafe('BEGIN; LOCK TABLE rewardbook.posting_sheet IN ACCESS EXCLUSIVE MODE');
      await page.getByRole('button', { name: 'Run the checks' }).click();
      await page.getByText('The checks are under way').waitFor();
      await page.getByRole('row', { name: 'journal: hash chain' }).getByText('running').waitFor();
      await page.getByRole('progressbar').waitFor();
      expect(await findFaults(page)).toEqual([]);
      await page.reload();
      await page.getByRole('button', { name: 'End the checks' }).click();
      await page.getByText('The checks were ended before they were done').waitFor();
      await locks.end({ timeout: 1 });

      await page.getByRole('button', { name: 'Run them again' }).click();
      await page.getByText('Every invariant holds', { exact: true }).waitFor();
      await page
        .getByRole('region', { name: 'The last 20 checks of the books' })
        .getByRole('cell', { name: 'cancelled' })
        .waitFor();
      await page.getByRole('link', { name: 'Overview' }).click();
      await page.getByText('All 28 kinds of checks').waitFor();
      expect(complaints).toEqual([]);
      await context.close();
    });

    it('shows what somebody else does in the books without being asked', async () => {
      const { context, page } = await signIn(browser, system, 'ben');
      await openPage(page, `${BOOKS}/runs`);
      await page.getByRole('rowheader', { name: '2026-10-1' }).waitFor();
      await system.run(`payout-run discard 2026-10-1 --program ${PROGRAM} --reason wrong`);
      await page.getByRole('row', { name: '2026-10-1' }).getByText('discarded').waitFor();
      await openPage(page, `${BOOKS}/periods/2026-10`);
      const steps = page.getByRole('list', { name: 'Steps of the close' });
      await steps.getByText('The entry is posted').waitFor();
      await context.close();
    });
  },
);

function likes(name: string, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    id: `${name}-${index}`,
    type: 'like',
    viewerId: `viewer ${index}`,
    creatorId: 'c0000001',
    contentId: 'k',
    occurredAt: '2026-11-05T12:00:00Z',
  }));
}

/** The newest batch with that many accepted events. */
function batchOf(page: Page, accepted: number) {
  return page
    .getByRole('region', { name: 'Batches, the newest first' })
    .getByRole('row')
    .filter({ has: page.getByRole('cell', { name: String(accepted), exact: true }) })
    .first();
}

function figure(page: Page, label: string) {
  return page.locator('.figure').filter({ has: page.getByText(label, { exact: true }) });
}

/** Streams that a service has open. */
async function listeners(url: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return Number(/^rewardbook_live_listeners (\d+)$/m.exec(text)?.[1]);
}
