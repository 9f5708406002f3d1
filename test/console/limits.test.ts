import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumMissing } from '../browser/chromium.ts';
import { HOSTILE_IDS } from '../support/hostile-ids.ts';
import { findFaultsInThemes, launchBrowser, openPage, overflowOf, signIn, untilRead } from './support/browser.ts';
import { type ConsoleSystem, PROGRAM, personOf, startConsoleSystem } from './support/console-system.ts';

const BOOKS = `/books/${PROGRAM}`;
const HOSTILE = '/books/hostile';
const START_MS = 300_000;
const TEST_MS = 300_000;
const FOCUS_MS = 5_000;

/** Markup, an override of direction, right to left, emoji, a hundred and twenty-eight code points. */
const HOSTILE_NAME = `<img src=x onerror=alert(1)>\u202E محمد 👩‍👩‍👧‍👦 ${'ש'.repeat(80)}`;
const LONGEST_NAME = [...HOSTILE_NAME].slice(0, 128).join('');

describe.skipIf(chromiumMissing !== undefined)(
  `limits of the console in Chromium${chromiumMissing ? ` (${chromiumMissing})` : ''}`,
  { timeout: TEST_MS },
  () => {
    let system: ConsoleSystem;
    let browser: Browser;
    beforeAll(async () => {
      [system, browser] = await Promise.all([startConsoleSystem({ events: 500 }), launchBrowser()]);
      await makeHostileProgram(system);
    }, START_MS);
    afterAll(async () => {
      await browser?.close();
      await system?.close();
    });

    it('axe finds nothing on any dialog, light or dark; Escape closes it and the focus goes back to what opened it', async () => {
      const faults: Record<string, string[]> = {};
      for (const name of ['olga', 'ben', 'petra']) {
        const { context, page, complaints } = await signIn(browser, system, name);
        for (const { who, path, button, title } of DIALOGS.filter((dialog) => dialog.who === name)) {
          await openPage(page, path);
          const opener = page.getByRole('button', { name: button }).first();
          await opener.click();
          const dialog = page.getByRole('dialog', { name: title });
          await dialog.waitFor();
          await untilRead(page);
          const found = await findFaultsInThemes(page);
          if ((await overflowOf(page)) > 0) {
            found.push('it is wider than the window');
          }
          await page.keyboard.press('Escape');
          await dialog.waitFor({ state: 'detached' });
          if (!(await getsFocus(opener))) {
            found.push('the focus is not back where it was opened');
          }
          if (found.length > 0) {
            faults[`${who}: ${title}`] = found;
          }
        }
        expect(complaints).toEqual([]);
        await context.close();
      }
      expect(faults).toEqual({});
    });

    it('names from outside stay names on every page, wide or narrow', async () => {
      const { context, page, complaints } = await signIn(browser, system, 'olga');
      const faults: Record<string, string> = {};
      for (const path of HOSTILE_PAGES) {
        await openPage(page, path);
        if ((await page.locator('img[src="x"]').count()) > 0) {
          faults[path] = 'markup of a name is markup';
        }
        for (const width of [1440, 320]) {
          await page.setViewportSize({ width, height: 900 });
          await untilRead(page);
          const loose = await page.evaluate(LOOSE_NAMES);
          if (Array.isArray(loose) && loose.length > 0) {
            faults[path] = `not isolated at ${width} px: ${loose.join(' | ')}`;
          }
          const overflow = await overflowOf(page);
          if (overflow > 0) {
            faults[path] = `${overflow} px wider than the window at ${width} px`;
          }
        }
      }
      await context.close();
      expect(faults).toEqual({});
      expect(complaints.filter((text) => !text.includes('status of 404'))).toEqual([]);
    });

    it('at 200% nothing is cut off: pages reflow, and their text is twice as large', async () => {
      // A browser's zoom halves the window in CSS pixels: 1280 px at 200% are 640.
      const { context, page } = await signIn(browser, system, 'ben', { width: 640 });
      for (const path of [BOOKS, `${BOOKS}/policy`, `${BOOKS}/cash`, `${BOOKS}/creators/c0000001`, '/keys']) {
        await openPage(page, path);
        expect([path, await overflowOf(page)]).toEqual([path, 0]);
        await page.getByRole('heading', { level: 1 }).click();
      }
      await context.close();
    });

    it('a printed page has its contents, and nothing that is there to be pressed', async () => {
      const { context, page } = await signIn(browser, system, 'olga');
      for (const path of [`${BOOKS}/periods/2026-10`, `${BOOKS}/policy`, `${BOOKS}/cash`]) {
        await openPage(page, path);
        await page.emulateMedia({ media: 'print' });
        expect([path, await page.getByRole('navigation', { name: 'Books' }).isVisible()]).toEqual([path, false]);
        expect([path, await page.locator('main .button:visible').count()]).toEqual([path, 0]);
        expect(await page.getByRole('heading', { level: 1 }).isVisible()).toBe(true);
        expect((await page.pdf({ format: 'A4' })).byteLength).toBeGreaterThan(5_000);
        await page.emulateMedia({ media: 'screen' });
      }
      await context.close();
    });

    it('nothing moves for whoever asked for less motion', async () => {
      const { context, page } = await signIn(browser, system, 'olga');
      await openPage(page, `${BOOKS}/creators/c0000001`);
      await page.getByRole('button', { name: 'Place a hold' }).click();
      await page.getByRole('dialog').waitFor();
      const moving = await page.evaluate(`document.getAnimations().filter((animation) =>
        animation.effect !== null && Number(animation.effect.getComputedTiming().duration) > 1).length`);
      expect(moving).toBe(0);
      await context.close();
    });
  },
);

/** Whether something has the focus, or gets it within a moment. */
async function getsFocus(element: Locator): Promise<boolean> {
  const hasFocus = (): Promise<boolean> => element.evaluate((one) => one === one.ownerDocument.activeElement);
  const until = Date.now() + FOCUS_MS;
  while (!(await hasFocus())) {
    if (Date.now() > until) {
      return false;
    }
  }
  return true;
}

/** Texts with right-to-left letters or overrides that no element keeps apart from the text around them. */
const LOOSE_NAMES = `(() => {
  const strange = /[\\u0590-\\u08FF\\u202A-\\u202E\\u2066-\\u2069]/;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const loose = [];
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (!strange.test(node.data)) continue;
    const parent = node.parentElement;
    const isKept = parent.closest('bdi, [dir], option, title, textarea') !== null ||
      getComputedStyle(parent).unicodeBidi.includes('isolate');
    if (!isKept) loose.push(parent.tagName + ': ' + node.data.slice(0, 60));
  }
  return loose;
})()`;

const HOSTILE_PAGES = [
  '/',
  HOSTILE,
  `${HOSTILE}/policy`,
  `${HOSTILE}/cash`,
  `${HOSTILE}/periods/2026-10`,
  `${HOSTILE}/runs`,
  `${HOSTILE}/creators`,
  `${HOSTILE}/import-creators`,
  `${HOSTILE}/journal`,
  `${HOSTILE}/balances`,
  `${HOSTILE}/reconciliation?period=2026-10`,
  `${HOSTILE}/approvals?status=all`,
  `${HOSTILE}/integrity`,
  `${BOOKS}/periods/2026-10`,
  `${BOOKS}/runs/2026-10-1`,
  `${BOOKS}/creators`,
  ...HOSTILE_IDS.filter((id) => !id.startsWith('.')).map((id) => `${BOOKS}/creators/${encodeURIComponent(id)}`),
  '/audit-log',
  '/new-program',
];

/** Every dialog of the books and the keys: who sees it, where, by which button. */
const DIALOGS = [
  { who: 'olga', path: `${BOOKS}/periods/2026-11`, button: 'Book revenue', title: /^Book revenue/ },
  { who: 'olga', path: `${BOOKS}/creators/c0000001`, button: 'Place a hold', title: 'Place a hold' },
  { who: 'olga', path: `${BOOKS}/creators/c0000001`, button: 'Adjust the balance …', title: 'Adjust the balance' },
  { who: 'olga', path: `${BOOKS}/cash`, button: 'Book money that came in', title: 'Book money that came in' },
  { who: 'olga', path: `${BOOKS}/runs/2026-10-1`, button: 'Discard', title: /^Discard run/ },
  { who: 'ben', path: `${BOOKS}/runs/2026-10-1`, button: 'Approve …', title: /^Approve/ },
  { who: 'ben', path: `${HOSTILE}/approvals`, button: /^Open request/, title: /^Request/ },
  { who: 'petra', path: '/keys', button: 'Make a key', title: 'Make a key' },
  { who: 'petra', path: '/keys', button: /^Revoke/, title: 'Revoke this key?' },
] as const;

/** A program with a hostile name, and a reason, references and notes of the same kind. */
async function makeHostileProgram({ url, run, folder, people }: ConsoleSystem): Promise<void> {
  const policy = join(folder, 'hostile-policy.json');
  const terms = { currency: 'IDR', timeZone: 'UTC', period: 'month', revenueShare: '0.05' };
  await writeFile(policy, JSON.stringify({ program: 'hostile', name: LONGEST_NAME, ...terms }));
  await run(`program apply ${policy}`);
  const session = await fetch(`${url}/session`, {
    method: 'POST',
    headers: { origin: url, 'content-type': 'application/json' },
    body: JSON.stringify({ key: personOf({ people }, 'olga').key }),
  });
  const cookie = session.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const post = async (path: string, body: unknown, type = 'application/json'): Promise<void> => {
    const answer = await fetch(`${url}/api/ledger/v1/programs/hostile${path}`, {
      method: 'POST',
      headers: { origin: url, cookie, 'content-type': type },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
    if (!answer.ok) {
      throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    }
  };
  await post(
    '/creators',
    HOSTILE_IDS.map((creatorId) => ({ creatorId, handle: creatorId })),
  );
  await post('/revenue', { period: '2026-10', amount: '1000.00', reference: LONGEST_NAME });
  for (const creatorId of HOSTILE_IDS) {
    await post('/holds', { creatorId, action: 'place', reason: 'hostile', note: LONGEST_NAME });
    const asked = { creatorId, amount: '5.00', reason: LONGEST_NAME, reference: `case ${creatorId}`.slice(0, 128) };
    await post('/adjustments', { kind: 'adjustment', ...asked });
  }
  const csv = `reference,amount,date,currency\n"${LONGEST_NAME}",999.00,2026-10-31,IDR\n`;
  await post('/reconciliations/2026-10/statements?kind=revenue', csv, 'text/csv');
}
