import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumMissing } from '../browser/chromium.ts';
import { outcomeOf } from '../support/test-command.ts';
import { approveNewest } from './support/approve.ts';
import { findFaults, launchBrowser, openPage, type SignedIn, signIn, untilRead } from './support/browser.ts';
import { type ConsoleSystem, PROGRAM, startConsoleSystem } from './support/console-system.ts';

const START_MS = 300_000;
const TEST_MS = 240_000;
const WAIT_MS = 60_000;
const PACK = 'pack=tiktok-cash-id&events=6000';
const CANDIDATE = encodeURIComponent('{"weights":{"follow":"9"},"allocation":{"maxShare":"0.05"}}');
const RECORDED = `/lab/policies?program=${PROGRAM}&from=2026-10&to=2026-10`;
const MAIN = fileURLToPath(new URL('../../packages/cli/src/main.ts', import.meta.url));

describe.skipIf(chromiumMissing !== undefined)(
  `the lab in Chromium${chromiumMissing ? ` (${chromiumMissing})` : ''}`,
  { timeout: TEST_MS },
  () => {
    let system: ConsoleSystem;
    let browser: Browser;
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'rewardbook-lab-'));
      [system, browser] = await Promise.all([startConsoleSystem({ events: 3_000 }), launchBrowser()]);
    }, START_MS);
    afterAll(async () => {
      await browser?.close();
      await system?.close();
      await rm(folder, { recursive: true, force: true });
    });

    /** Somebody whose browser may use the clipboard. */
    async function enter(name: string): Promise<SignedIn> {
      const signedIn = await signIn(browser, system, name);
      await signedIn.context.grantPermissions(['clipboard-read', 'clipboard-write']);
      signedIn.page.setDefaultTimeout(WAIT_MS);
      return signedIn;
    }

    /** What a shell prints that is given these lines, in a folder of its own. */
    async function inShell(lines: string): Promise<string> {
      const place = await mkdtemp(join(folder, 'shell-'));
      const command = `rewardbook() { "${process.execPath}" --import "${import.meta.resolve('tsx')}" "${MAIN}" "$@"; }`;
      const child = spawn('bash', ['-euc', `${command}\n${lines}`], { cwd: place, stdio: ['ignore', 'pipe', 'pipe'] });
      const { code, stdout, stderr } = await outcomeOf(child);
      expect(code, stderr).toBe(0);
      return stdout;
    }

    describe('what a page gives is what the command that it gives prints, to the byte:', () => {
      it.each([
        ['compare', `/lab/policies?${PACK}&b=${CANDIDATE}`],
        [
          'sweep',
          `/lab/sweep?${PACK}&b=${CANDIDATE}&key1=weights.follow&values1=1..3:1&key2=undistributed&values2=rollover,return`,
        ],
        ['sweep', `/lab/sweep?${PACK}&values1=1,5&seeds=2`],
        ['attack', `/lab/attack?${PACK}&b=${CANDIDATE}&kind=fake-viewers&size=300&cost=0.5&rules=maxLikesPerPair%3D5`],
        ['screen', `/lab/screening?${PACK}&minFollows=1&top=5`],
        ['compare', `/lab/policies?pack=tiktok-cash-id&events=2000&creators=60&viewers=300&b=${CANDIDATE}`],
      ])('%s, %s', async (name, address) => {
        const { context, page, complaints } = await enter('rita');
        await openPage(page, address);
        for (const format of ['JSON', 'CSV'] as const) {
          const saved = await save(page, format);
          expect(saved.name).toBe(`${name}.${format.toLowerCase()}`);
          await page.getByRole('button', { name: 'Copy as command' }).click();
          await page.getByText('Copied: paste it into a shell.').waitFor();
          const lines = String(await page.evaluate('navigator.clipboard.readText()'));
          expect(saved.text.length).toBeGreaterThan(100);
          expect(saved.text).toBe(await inShell(format === 'JSON' ? lines : lines.replace(/--json$/, '--format csv')));
        }
        await context.close();
        expect(complaints).toEqual([]);
      });
    });

    it('why somebody got an amount is what `explain` prints, to the byte', async () => {
      const { context, page, complaints } = await enter('rita');
      await openPage(page, `/books/${PROGRAM}/creators/c0000001/why/2026-10`);
      const saved = await save(page, 'JSON');
      expect(saved.name).toBe(`${PROGRAM}-2026-10-explanation.json`);
      await page.getByRole('button', { name: 'Copy as command' }).click();
      await page.getByText('Copied: paste it into a shell.').waitFor();
      const line = String(await page.evaluate('navigator.clipboard.readText()'));
      expect(JSON.parse(saved.text).creator).toBe('c0000001');
      expect(saved.text).toBe(await inShell(`export REWARDBOOK_DATA='${system.folder}'\n${line}`));
      await context.close();
      expect(complaints).toEqual([]);
    });

    it('a closed period as recorded, under its own policy, is what its close posted', async () => {
      const { context, page } = await enter('rita');
      await openPage(page, RECORDED);
      await page.getByText('No difference', { exact: true }).waitFor();
      const { text } = await save(page, 'JSON');
      const answer = await context.request.get(`/api/ledger/v1/programs/${PROGRAM}/periods/2026-10/result`);
      const booked: { resultHash: string; creators: { creatorId: string; amount: string }[] } = await answer.json();
      const shown: { a: { periods: { resultHash: string }[] }; creators: { creatorId: string; before: string }[] } =
        JSON.parse(text);
      expect(shown.a.periods.map(({ resultHash }) => resultHash)).toEqual([booked.resultHash]);
      expect(shown.creators.map(({ creatorId, before }) => [creatorId, before])).toEqual(
        booked.creators.map(({ creatorId, amount }) => [creatorId, amount]),
      );
      await page.getByRole('button', { name: 'Copy as command' }).click();
      await page.getByText('ask POST /v1/lab/questions', { exact: false }).waitFor();
      await context.close();
    });

    it('says what changes before it is worked out, answers at once, and its link shows the same', async () => {
      const { context, page, complaints } = await enter('rita');
      await openPage(page, `/lab/policies?${PACK}`);
      await page.getByText('No difference: the candidate is the baseline.').waitFor();
      await page.getByLabel('A follow counts (points)').fill('12');
      await page.getByText('A follow counts: 5 → 12', { exact: false }).waitFor();
      await page.getByText('Baseline: 5').waitFor();
      await expect.poll(() => figure(page, 'Money moved')).not.toContain('IDR0.00');
      const moved = await figure(page, 'Money moved');
      await expect.poll(() => new URL(page.url()).searchParams.get('b')).toBe('{"weights":{"follow":"12"}}');
      const other = await context.newPage();
      await openPage(other, page.url());
      await expect.poll(() => figure(other, 'Money moved'), { timeout: WAIT_MS }).toBe(moved);
      await page.goBack();
      await page.goForward();
      await expect.poll(() => figure(page, 'Money moved'), { timeout: WAIT_MS }).toBe(moved);
      await context.close();
      expect(complaints).toEqual([]);
    });

    it('says what is wrong at the field and at the line, and keeps the figures of the last policy', async () => {
      const { context, page } = await enter('rita');
      await openPage(page, `/lab/policies?${PACK}`);
      await untilRead(page);
      const share = page.getByRole('textbox', { name: 'Share of the revenue' });
      await share.fill('1.5');
      await expect.poll(() => share.getAttribute('aria-invalid')).toBe('true');
      await page.locator('.field-error').filter({ hasText: '1' }).waitFor();
      expect(await findFaults(page)).toEqual([]);
      await share.fill('0.1');
      await page.getByText('Share of the revenue: 5% → 10%', { exact: false }).waitFor();
      await page.getByText('YAML', { exact: true }).click();
      const yaml = page.getByLabel('Candidate as YAML');
      await yaml.fill(`${await yaml.inputValue()}unheardOf: 1\n`);
      await page.getByText(/Line \d+, column 1: .*unheardOf/).waitFor();
      expect(await findFaults(page)).toEqual([]);
      await context.close();
    });

    it('takes a packed file of events, says what it left out, and asks for it again after a reload', async () => {
      const lines = Array.from({ length: 400 }, (_, index) =>
        JSON.stringify({
          ...{
            id: `e${index}`,
            type: 'like',
            viewerId: `v${index % 50}`,
            creatorId: `c${index % 7}`,
            contentId: `k${index}`,
          },
          occurredAt: '2026-10-05T12:00:00Z',
        }),
      );
      const file = join(folder, 'events.ndjson.gz');
      await writeFile(file, gzipSync([...lines, 'no event', lines[0]].join('\n')));
      const { context, page, complaints } = await enter('rita');
      await openPage(page, '/lab');
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.getByRole('button', { name: 'Choose a file of events' }).click(),
      ]);
      await chooser.setFiles(file);
      await page.getByRole('heading', { name: 'Two policies' }).waitFor();
      await page.getByText('400 events of events.ndjson.gz, 2026-10').click();
      await page.getByText('1 line left out (the first: line 401', { exact: false }).waitFor();
      await expect.poll(() => figure(page, 'Paid creators')).toContain('7');
      await page.reload();
      await page.getByText('which a link cannot hold: choose it again', { exact: false }).waitFor();
      await context.close();
      expect(complaints).toEqual([]);
    });

    it('what is drawn can be selected and saved', async () => {
      const { context, page } = await enter('rita');
      await openPage(page, `/lab/policies?${PACK}&b=${CANDIDATE}`);
      await page.getByText('Table of “Before against after”').click();
      const table = page.getByRole('region', { name: 'Before against after', exact: true });
      await table.getByRole('button').last().click();
      await page.getByRole('button', { name: 'Show all, not only those selected in the drawing' }).waitFor();
      expect(new URL(page.url()).searchParams.get('sizes')).toMatch(/^\d+~\d+,\d+~\d+$/);
      for (const [format, begins] of [
        ['SVG', '<svg'],
        ['PNG', '\u0089PNG'],
      ] as const) {
        const saved = await save(page, `${format} of Lorenz curves`);
        expect(saved.name).toBe(`lorenz.${format.toLowerCase()}`);
        expect(saved.text.startsWith(begins)).toBe(true);
      }
      await context.close();
    });

    it('a candidate becomes the policy of its program once a second person has approved it', async () => {
      await system.run(`program apply - --json`, await policyThatNeedsTwo());
      const olga = await enter('olga');
      await openPage(olga.page, `${RECORDED}&b=${encodeURIComponent('{"weights":{"follow":"8"}}')}`);
      await untilRead(olga.page);
      await olga.page.getByRole('button', { name: `Apply to ${PROGRAM}` }).click();
      await olga.page.getByText('the candidate changes', { exact: false }).waitFor();
      expect(await findFaults(olga.page)).toEqual([]);
      await olga.page.getByRole('button', { name: 'Make it the policy' }).click();
      await olga.page.getByText('waits for a second person', { exact: false }).waitFor();
      await olga.context.close();

      const ben = await enter('ben');
      await approveNewest(ben.page);
      const answer = await ben.context.request.get(`/api/ledger/v1/programs/${PROGRAM}/policies/3`);
      expect(await answer.json()).toMatchObject({ policy: { weights: { like: '1', follow: '8' } } });
      await ben.context.close();
    });

    async function policyThatNeedsTwo(): Promise<string> {
      const file = new URL('../../seeds/tiktok-cash-id/policy.yaml', import.meta.url);
      return `${await readFile(file, 'utf8')}approvals: [payouts, adjustments, policy]\n`;
    }
  },
);

/** What a figure's box says. */
async function figure(page: Page, label: string): Promise<string> {
  const box = page.locator('.figure').filter({ has: page.locator('dt', { hasText: label }) });
  return (await box.count()) === 0 ? '' : ((await box.first().textContent()) ?? '');
}

/** What a press on a button saves. */
async function save(page: Page, button: string): Promise<{ readonly name: string; readonly text: string }> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button, exact: true }).click(),
  ]);
  return {
    name: download.suggestedFilename(),
    text: await readFile(await download.path(), button.startsWith('PNG') ? 'latin1' : 'utf8'),
  };
}
