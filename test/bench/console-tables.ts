import { appOfCheckout } from '@rewardbook/local/console/app-of-checkout';
import { findFreePort } from '@rewardbook/local/free-port';
import type { Page } from 'playwright-core';
import { chromiumMissing } from '../browser/chromium.ts';
import { launchBrowser } from '../console/support/browser.ts';
import { startServiceProcess } from '../support/service-process.ts';
import { PROGRAM } from './close-books.ts';
import { percentile } from './median.ts';
import { type PayingSystem, startPayingSystem } from './paying-system.ts';
import type { BenchRow } from './row.ts';

// Ten creators in twelve earn: 1,000,000 of them.
const CREATORS = 1_200_000;
const EVENTS = 1_300_000;
const TIMES = 20;
const TARGET_MS = 300;
const FIRST_VIEW_KB = 250;
const CONTENTS_MS = 1_500;
const KEPT_POLL_MS = 250;

/**
 * Lists of 1,000,000 rows in the console, in Chromium: the first page of payouts and of allocations, a jump to a creator, each sort;
 * from the press until the rows stand, 95th percentile, beside the target and beside the service's bare answer. And the first view.
 */
export async function benchConsoleTables(): Promise<BenchRow[]> {
  if (chromiumMissing !== undefined) {
    process.stderr.write(`console-tables ${chromiumMissing}\n`);
    return [];
  }
  const folder = await appOfCheckout().find();
  process.stderr.write(
    `console-tables: making, closing and drafting a month of ${CREATORS.toLocaleString('en-US')} creators\n`,
  );
  const system = await startPayingSystem(CREATORS, EVENTS);
  try {
    await system.close();
    const draft = await system.ask('POST', 'payout-runs');
    await untilOrdersAreKept(system);
    const port = await findFreePort();
    const service = await startServiceProcess('console', port, {
      EVENTS_URL: system.ledgerUrl,
      LEDGER_URL: system.ledgerUrl,
      REPORTS_URL: new URL(system.reportsUrl).origin,
      SESSION_SECRET: 'benchmark '.repeat(4),
      APP_FOLDER: folder,
    });
    try {
      return await inBrowser(system, `http://127.0.0.1:${port}`, String(draft.runId));
    } finally {
      await service.stop();
    }
  } finally {
    await system.stop();
  }
}

async function untilOrdersAreKept({ sql }: PayingSystem): Promise<void> {
  for (;;) {
    const due = await sql`SELECT 1 FROM rewardbook.sort_due`;
    if (due.length === 0) {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, KEPT_POLL_MS));
  }
}

/** Something that a person does in a list, and the call that the page makes for it. */
interface Act {
  readonly what: string;
  readonly page: string;
  readonly query: string;
  act(page: Page, turn: number): Promise<void>;
}

const RUN_LIST = /^Payouts of run/;
const CLOSE_LIST = /^Allocations of/;

function actsOf(runId: string): Act[] {
  const run = `/books/${PROGRAM}/runs/${runId}`;
  const payouts = `payout-runs/${runId}/payouts?limit=200`;
  const period = `/books/${PROGRAM}/periods/2024-10`;
  const allocations = 'periods/2024-10/allocations?limit=200';
  const byHeader = (name: RegExp, header: RegExp) => (page: Page) =>
    page.getByRole('region', { name }).getByRole('button', { name: header }).click();
  const jump = async (page: Page, turn: number): Promise<void> => {
    const field = page.getByLabel('Go to creator');
    await field.fill(`c${String(turn * 50_021).padStart(7, '0')}`);
    await field.press('Enter');
  };
  return [
    {
      what: 'payouts, sorted by net',
      page: run,
      query: `${payouts}&sort=net&order=desc`,
      act: byHeader(RUN_LIST, /^Net/),
    },
    {
      what: 'payouts, sorted by available',
      page: run,
      query: `${payouts}&sort=available&order=desc`,
      act: byHeader(RUN_LIST, /^Available/),
    },
    { what: 'payouts, a jump to a creator', page: run, query: `${payouts}&from=c0500000`, act: jump },
    {
      what: 'allocations, sorted by points',
      page: period,
      query: `${allocations}&sort=points&order=desc`,
      act: byHeader(CLOSE_LIST, /^Points/),
    },
    {
      what: 'allocations, a jump to a creator',
      page: period,
      query: `${allocations}&sort=creator&from=c0500000`,
      act: jump,
    },
  ];
}

async function inBrowser(system: PayingSystem, url: string, runId: string): Promise<BenchRow[]> {
  const browser = await launchBrowser();
  try {
    const context = await browser.newContext({ baseURL: url });
    await context.request.post('/session', {
      headers: { origin: url },
      data: { key: system.authorization.replace('Bearer ', '') },
    });
    const rows = await firstView(await context.newPage(), url);
    const page = await context.newPage();
    for (const [what, place, name] of [
      ['payouts, first page', `/books/${PROGRAM}/runs/${runId}`, RUN_LIST],
      ['allocations, first page', `/books/${PROGRAM}/periods/2024-10`, CLOSE_LIST],
    ] as const) {
      const query = place.includes('runs')
        ? `payout-runs/${runId}/payouts?limit=200`
        : 'periods/2024-10/allocations?limit=200&sort=amount&order=desc';
      const measured: number[] = [];
      for (let turn = 0; turn < TIMES; turn += 1) {
        // From another page of the app, as people come.
        await page.goto(`/books/${PROGRAM}/journal`);
        await page.getByRole('region', { name: /^Journal/ }).waitFor();
        measured.push(await timeTo(page, place, name));
      }
      rows.push(...(await besideBoth(system, `1,000,000 ${what}`, measured, query)));
    }
    for (const { what, page: place, query, act } of actsOf(runId)) {
      const measured: number[] = [];
      for (let turn = 1; turn <= TIMES; turn += 1) {
        // Loaded anew: what was read before would be shown at once.
        await page.goto(place);
        await untilListStands(page);
        measured.push(await timeAct(page, () => act(page, turn)));
      }
      rows.push(...(await besideBoth(system, `1,000,000 ${what}`, measured, query)));
    }
    return rows;
  } finally {
    await browser.close();
  }
}

/** From a step to a page of the app until its list stands. */
async function timeTo(page: Page, place: string, name: RegExp): Promise<number> {
  const startedAt = performance.now();
  await page.evaluate(
    `history.pushState(null, '', ${JSON.stringify(place)}); dispatchEvent(new PopStateEvent('popstate'))`,
  );
  await page.getByRole('region', { name }).getByRole('rowheader').first().waitFor();
  return performance.now() - startedAt;
}

/** From an act until the rows that it asked for stand. */
async function timeAct(page: Page, act: () => Promise<void>): Promise<number> {
  const answered = page.waitForResponse((response) => /\/(payouts|allocations)\?.*(sort|from)=/.test(response.url()));
  const startedAt = performance.now();
  await act();
  await answered;
  await untilListStands(page);
  return performance.now() - startedAt;
}

/** Until the list has rows, and none of another order. Evaluated by the browser's debugger: the page's policy lets no text become code. */
async function untilListStands(page: Page): Promise<void> {
  await page.evaluate(`new Promise((resolve) => {
    const look = () => {
      const box = document.querySelector('.table-box[aria-label^="Payouts of"], .table-box[aria-label^="Allocations of"]');
      const stands = box !== null && box.getAttribute('aria-busy') === 'false' && box.querySelector('tbody th') !== null;
      requestAnimationFrame(stands ? resolve : look);
    };
    requestAnimationFrame(look);
  })`);
}

async function besideBoth(
  system: PayingSystem,
  what: string,
  measured: readonly number[],
  query: string,
): Promise<BenchRow[]> {
  const bare: number[] = [];
  for (let turn = 0; turn < TIMES; turn += 1) {
    const startedAt = performance.now();
    await system.ask('GET', query);
    bare.push(performance.now() - startedAt);
  }
  const [ours, floor] = [percentile(measured, 95), percentile(bare, 95)];
  process.stderr.write(`console-tables: ${what}: ${ours.toFixed(0)} ms, bare ${floor.toFixed(0)} ms\n`);
  return [
    { name: `${what}, p95, beside the target`, ours, floor: TARGET_MS, ratio: ours / TARGET_MS, unit: 'ms' },
    { name: `${what}, p95, beside the bare answer`, ours, floor, ratio: ours / floor, unit: 'ms' },
  ];
}

/** A fresh load of the program's page: what comes over the wire until its contents stand, and how long it takes. */
async function firstView(page: Page, url: string): Promise<BenchRow[]> {
  const client = await page.context().newCDPSession(page);
  await client.send('Network.enable');
  await client.send('Network.setCacheDisabled', { cacheDisabled: true });
  const kinds = new Map<string, boolean>();
  let bytes = 0;
  client.on('Network.responseReceived', ({ requestId, response }) => {
    kinds.set(requestId, !new URL(response.url).pathname.startsWith('/api/'));
  });
  client.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    bytes += kinds.get(requestId) === true ? encodedDataLength : 0;
  });
  const times: number[] = [];
  const sizes: number[] = [];
  for (let turn = 0; turn < TIMES; turn += 1) {
    await page.goto('about:blank');
    bytes = 0;
    const startedAt = performance.now();
    await page.goto(`${url}/books/${PROGRAM}/journal`);
    await page.getByRole('region', { name: /^Journal/ }).waitFor();
    times.push(performance.now() - startedAt);
    sizes.push(bytes / 1_000);
  }
  const [ours, kilobytes] = [percentile(times, 95), Math.max(...sizes)];
  return [
    {
      name: 'console, fresh load until the journal stands, p95',
      ours,
      floor: CONTENTS_MS,
      ratio: ours / CONTENTS_MS,
      unit: 'ms',
    },
    {
      name: 'console, first view compressed',
      ours: kilobytes,
      floor: FIRST_VIEW_KB,
      ratio: kilobytes / FIRST_VIEW_KB,
      unit: 'kB',
    },
  ];
}
