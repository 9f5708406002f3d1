import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumMissing } from '../browser/chromium.ts';
import { findFaults, launchBrowser, openPage, overflowOf, signIn, untilRead } from './support/browser.ts';
import { type ConsoleSystem, PROGRAM, personOf, startEmptySystem } from './support/console-system.ts';

const RUNS = `/replay/${PROGRAM}/runs`;
const START_MS = 400_000;
const TEST_MS = 240_000;
/** Three requests, and twice as many when all is sent twice. */
const EVENTS = 12_000;
const WAIT = { timeout: 120_000 };

describe.skipIf(chromiumMissing !== undefined)(
  `replay runs in Chromium${chromiumMissing ? ` (${chromiumMissing})` : ''}`,
  { timeout: TEST_MS },
  () => {
    let system: ConsoleSystem;
    let browser: Browser;
    let file: string;
    beforeAll(async () => {
      [system, browser] = await Promise.all([startEmptySystem(), launchBrowser()]);
      await system.run(`program apply seeds/${PROGRAM}/policy.yaml`);
      await system.run(`creators import seeds/${PROGRAM}/creators.csv --program ${PROGRAM}`);
      for (const period of ['2026-09', '2026-10']) {
        await system.run(
          `revenue --program ${PROGRAM} --period ${period} --amount 39730000000.00 --reference r-${period}`,
        );
      }
      file = join(system.folder, 'events.ndjson');
      await system.run(`generate ${PROGRAM} --events ${EVENTS} -o ${file}`);
    }, START_MS);
    afterAll(async () => {
      await browser?.close();
      await system?.close();
    });

    async function chooseFile(page: Page, path: string): Promise<void> {
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.getByRole('button', { name: 'Choose a file' }).click(),
      ]);
      await chooser.setFiles(path);
    }

    it('a shuffled, faulty replay comes to what its simulation gives; then what else is recorded is shown as the difference', async () => {
      const { context, page, complaints } = await signIn(browser, system, 'olga');
      await openPage(page, RUNS);
      expect(await findFaults(page)).toEqual([]);
      await chooseFile(page, file);
      await page.getByLabel('Seed').fill('7');
      await page.getByLabel('Order').selectOption('shuffled');
      await page.getByLabel('Times that all is sent').fill('2');
      await page.getByLabel('Share left out').fill('0.1');
      await page.getByLabel('Share sent late, at the end').fill('0.1');
      await page.getByLabel('Share of requests with a fault').fill('1');
      for (const fault of ['abort', 'truncate', 'duplicate', 'garbage']) {
        await page.getByLabel(`${fault}:`).check();
      }
      await page.getByRole('button', { name: 'Begin the replay' }).click();
      await page.getByText('tallied', { exact: true }).waitFor(WAIT);
      const [sent, accepted, duplicates] = await Promise.all(
        ['Sent', 'Accepted', 'Duplicates'].map(async (name) => countOf(await figure(page, name))),
      );
      const dropped = countOf(await fact(page, 'Left out'));
      // Each event is drawn once, whatever the order, and comes twice. What a lost request had done comes back as duplicates.
      expect((sent ?? 0) - (accepted ?? 0)).toBe(duplicates);
      expect(dropped).toBeGreaterThan(EVENTS * 0.15);
      const recorded = (await system.run(`record --program ${PROGRAM}`)).trim().split('\n');
      expect(recorded.length + dropped / 2).toBe(EVENTS);
      expect(await fact(page, 'Requests with faults')).toMatch(/duplicate/);
      expect(await fact(page, 'Garbage')).toMatch(/^[1-9]\d* lines$/);
      expect(await fact(page, 'Taken though it has to be refused')).toBe('nothing');

      await page.getByRole('button', { name: 'Simulate and compare' }).click();
      await page.getByText('The same to the byte', { exact: true }).waitFor(WAIT);
      await page.getByText('2026-10: once 2026-09 is closed.').waitFor();
      await untilRead(page);
      expect(await findFaults(page)).toEqual([]);

      await system.run(`close --program ${PROGRAM} --period 2026-09`);
      await page.getByRole('button', { name: 'Compare again' }).click();
      await page.getByRole('row', { name: /2026-10.*a dry run.*the same/ }).waitFor(WAIT);
      await page.getByRole('row', { name: /2026-09.*its close.*the same/ }).waitFor();

      const other = { id: 'from-elsewhere', type: 'like', viewerId: 'somebody', creatorId: 'c0000001', contentId: 'k' };
      const answer = await fetch(`${system.urls.events}/v1/programs/${PROGRAM}/events`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${personOf(system, 'olga').key}`,
          'content-type': 'application/x-ndjson',
        },
        body: JSON.stringify({ ...other, occurredAt: '2026-10-12T12:00:00Z' }),
      });
      expect(answer.status).toBe(200);
      await page.getByRole('button', { name: 'Compare again' }).click();
      await page.getByText('2026-10 differs').waitFor(WAIT);
      await page.getByRole('row', { name: /somebody.*from-elsewhere.*recorded, not sent/ }).waitFor();
      expect(await findFaults(page)).toEqual([]);
      await page.setViewportSize({ width: 320, height: 900 });
      expect(await overflowOf(page)).toBe(0);
      await page.getByRole('link', { name: 'Replay runs' }).click();
      await page.getByRole('row', { name: /events\.ndjson.*seed 7.*differs/ }).waitFor();
      expect(await overflowOf(page)).toBe(0);
      expect(complaints.filter((text) => !text.includes('ERR_ABORTED') && !text.includes('status of 400'))).toEqual([]);
      await context.close();
    });

    it('is cancelled in the middle, interrupted by a reload, and sent again from CSV: what is recorded counts once', async () => {
      const { context, page } = await signIn(browser, system, 'olga');
      const csv = join(system.folder, 'events.csv');
      const lines = (await readFile(file, 'utf8'))
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      const rows = lines.map((e) => [
        e.id,
        e.source ?? '',
        e.type,
        e.viewerId,
        e.creatorId,
        e.contentId ?? '',
        e.occurredAt,
      ]);
      await writeFile(
        csv,
        ['event_id,source,kind,user_id,creator_id,video_id,ts', ...rows.map((row) => row.join(','))].join('\n'),
      );
      await openPage(page, RUNS);
      await chooseFile(page, csv);
      await page.getByLabel('Pace').selectOption('rate');
      await page.getByLabel('Events a second').fill('100');
      await page.getByRole('button', { name: 'Begin the replay' }).click();
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.getByText('paused', { exact: true }).waitFor();
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByRole('button', { name: 'Cancel the replay' }).click();
      await page.getByText('This replay was cancelled').waitFor(WAIT);
      await page.getByRole('button', { name: 'Send it again from the start' }).click();
      await page.getByRole('button', { name: 'Cancel the replay' }).waitFor();
      await page.reload();
      await page.getByText('This replay was interrupted').waitFor(WAIT);
      expect(await findFaults(page)).toEqual([]);
      await page.getByRole('button', { name: 'Delete this run' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByRole('heading', { level: 1, name: 'Replay runs' }).waitFor();

      await page.getByLabel('Pace').selectOption('unpaced');
      await chooseFile(page, csv);
      await page.getByRole('button', { name: 'Begin the replay' }).click();
      await page.getByText('tallied', { exact: true }).waitFor(WAIT);
      expect(await figure(page, 'Sent')).toBe('12,000');
      expect(await figure(page, 'Rejected')).toBe('0');
      await context.close();
    });

    it('compares files of events and results, and records a period with the bytes of the command', async () => {
      const { context, page } = await signIn(browser, system, 'olga');
      await openPage(page, `/replay/${PROGRAM}/diff`);
      expect(await findFaults(page)).toEqual([]);
      const download = async (): Promise<string> => {
        const [saved] = await Promise.all([
          page.waitForEvent('download'),
          page.getByRole('link', { name: 'NDJSON' }).click(),
        ]);
        const path = join(system.folder, `saved-${Date.now()}.ndjson`);
        await saved.saveAs(path);
        return path;
      };
      const all = await download();
      expect(await readFile(all, 'utf8')).toBe(await system.run(`record --program ${PROGRAM}`));
      await page.getByLabel('Which events').selectOption('2026-10');
      const october = await download();
      expect(await readFile(october, 'utf8')).toBe(await system.run(`record --program ${PROGRAM} --period 2026-10`));

      const compare = async (a: string, b: string): Promise<void> => {
        for (const [name, path] of [
          ['Choose A', a],
          ['Choose B', b],
        ] as const) {
          const [chooser] = await Promise.all([
            page.waitForEvent('filechooser'),
            page.getByRole('button', { name, exact: true }).click(),
          ]);
          await chooser.setFiles(path);
        }
        await page.getByRole('button', { name: 'Compare' }).click();
      };
      await compare(all, all);
      await page.getByText('The events are equal').waitFor(WAIT);
      await compare(all, october);
      await page.getByText('The events differ').waitFor(WAIT);
      const result = join(system.folder, 'result.json');
      const other = join(system.folder, 'other.json');
      const text = await system.run(`close --program ${PROGRAM} --period 2026-10 --dry-run --json`);
      await writeFile(result, text);
      await writeFile(other, text.replace(/"creatorId":"([^"]+)","netLikes":(\d+)/, '"creatorId":"$1","netLikes":1$2'));
      await compare(result, result);
      await page.getByText('The results are equal').waitFor(WAIT);
      await compare(result, other);
      await page.getByText('1 place differs, 1 creator among them.').waitFor(WAIT);
      expect(await findFaults(page)).toEqual([]);
      await compare(result, all);
      await page.getByText('is a result and').waitFor(WAIT);
      await page.setViewportSize({ width: 320, height: 900 });
      expect(await overflowOf(page)).toBe(0);
      await context.close();
    });

    it('is not offered to those who may not send, and says why', async () => {
      const { context, page } = await signIn(browser, system, 'rita');
      await openPage(page, RUNS);
      await page.getByText('Events cannot be sent with this key').waitFor();
      expect(await page.getByRole('button', { name: 'Begin the replay' }).getAttribute('aria-disabled')).toBe('true');
      await context.close();
    });
  },
);

/** The headline number of this name; what is below it is a note. */
async function figure(page: Page, name: string): Promise<string> {
  const found = page.locator('.figure', { has: page.locator(`dt:text-is("${name}")`) }).locator('dd');
  const note = found.locator('.figure-note');
  const [all, below] = [await found.textContent(), (await note.count()) > 0 ? await note.textContent() : ''];
  return (all ?? '').slice(0, (all ?? '').length - (below ?? '').length);
}

function countOf(text: string): number {
  return Number(text.replaceAll(/[^\d]/g, ''));
}

async function fact(page: Page, name: string): Promise<string> {
  return (await page.locator(`dt:text-is("${name}") + dd`).textContent()) ?? '';
}
