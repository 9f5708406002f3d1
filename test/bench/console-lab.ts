import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { consoleHeaders } from '@rewardbook/console-service/http/security-headers';
import { findBuiltApp } from '@rewardbook/local/console/built-app';
import { chromium, type Page } from 'playwright-core';
import { chromiumMissing } from '../browser/chromium.ts';
import { median } from './median.ts';
import type { BenchRow } from './row.ts';

const TARGET_MS = 100;
const TIMES = 40;
/** Of them that much is not measured: the code is compiled then. */
const WARM_UP = 8;
const CREATORS = 100_000;
const OPEN_MS = 300_000;
const SCENARIO = new URL('../../seeds/tiktok-cash-id/scenario.yaml', import.meta.url);
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/**
 * A policy is changed in the lab's page, as by a slider: until the figures and all charts stand, in Chromium, with a million events of more
 * than 100,000 creators. At the 95th percentile, beside what people take for immediate.
 */
export async function benchConsoleLab(): Promise<BenchRow[]> {
  if (chromiumMissing !== undefined) {
    process.stderr.write(`console-lab ${chromiumMissing}\n`);
    return [];
  }
  const server = await serveApp(
    await findBuiltApp({ onBuild: () => process.stderr.write('the console is built …\n') }),
  );
  const browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    headless: true,
    args: ['--no-sandbox', '--disable-gpu'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    const { port } = server.address() as AddressInfo;
    const rows: BenchRow[] = [];
    for (const [months, revenue] of [
      ['a month', '2026-09=1000000000.00'],
      ['two months', '2026-09=1000000000.00,2026-10=1000000000.00'],
    ] as const) {
      await page.goto(`http://127.0.0.1:${port}/lab/policies?${await addressOf(revenue)}`);
      const creators = await openedCreators(page);
      const measured = await changes(page);
      const name = `the lab's page after a change of policy over ${creators.toLocaleString('en-US')} creators, ${months}`;
      for (const [what, value] of [
        ['median', median(measured)],
        ['95th percentile', percentile(measured, 0.95)],
      ] as const) {
        rows.push({ name: `${name}, ${what}`, ours: value, floor: TARGET_MS, ratio: value / TARGET_MS, unit: 'ms' });
      }
    }
    return rows;
  } finally {
    await browser.close();
    server.close();
    server.closeAllConnections();
  }
}

/** A flatter popularity than the pack's, so that that many creators win something in a month. */
async function addressOf(revenue: string): Promise<string> {
  const text = (await readFile(SCENARIO, 'utf8')).replace(/^popularityShift:.*$/m, 'popularityShift: 60000');
  return new URLSearchParams({
    ...{ pack: 'tiktok-cash-id', scenario: `~${deflateRawSync(text).toString('base64url')}` },
    ...{ events: '1000000', creators: '130000', viewers: '200000', revenue },
  }).toString();
}

/** Waits until the first answer is there. */
async function openedCreators(page: Page): Promise<number> {
  await page.locator('.answers .figures').first().waitFor({ timeout: OPEN_MS });
  const text = await page.locator('.table-foot').filter({ hasText: 'a rank is' }).textContent();
  const creators = Number(/[\d,]+/.exec(text ?? '')?.[0].replaceAll(',', ''));
  if (!(creators >= CREATORS)) {
    throw new Error(`only ${creators} creators won something: the scenario is too small`);
  }
  return creators;
}

/** Milliseconds of each change. */
async function changes(page: Page): Promise<number[]> {
  const measured = await page.evaluate(CHANGE_OFTEN, TIMES);
  if (!Array.isArray(measured) || measured.length !== TIMES) {
    throw new Error('the page did not answer every change');
  }
  return measured.map(Number).slice(WARM_UP);
}

// Text, not a function: what compiles it for Node adds helpers that a page does not have.
const CHANGE_OFTEN = `(async (times) => {
  const slider = document.querySelector('[aria-label="A follow counts, slider"]');
  const answers = document.querySelector('.answers');
  const setValue = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
  const measured = [];
  for (let time = 0; time < ${TIMES}; time += 1) {
    const before = answers.dataset.version;
    const standing = new Promise((resolve) => {
      const seen = new MutationObserver(() => {
        if (answers.dataset.version === before) return;
        seen.disconnect();
        // After what React does next, and once it is painted.
        requestAnimationFrame(() => setTimeout(() => resolve(performance.now()), 0));
      });
      seen.observe(answers, { attributes: true, attributeFilter: ['data-version'] });
    });
    const from = performance.now();
    setValue.call(slider, String(6 + (time % 17) / 2));
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    measured.push((await standing) - from);
    await new Promise((resolve) => setTimeout(resolve, 700)); // the table and the address follow
  }
  return measured;
})()`;

function percentile(values: readonly number[], part: number): number {
  const ascending = values.toSorted((a, b) => a - b);
  return ascending[Math.min(ascending.length - 1, Math.ceil(part * ascending.length) - 1)] ?? 0;
}

/** The built app with the policy of the console, and somebody who is signed in. */
function serveApp(folder: string): Promise<Server> {
  const session = {
    person: { keyId: 1, name: 'bench', scopes: ['read'], programs: null, expiresAt: null },
    people: [],
    expiresAt: '2099-01-01T00:00:00.000Z',
  };
  const server = createServer((request, answer) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    const headers = consoleHeaders(false);
    if (pathname === '/session') {
      answer.writeHead(200, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(session));
      return;
    }
    const file = extname(pathname) === '' ? 'index.html' : pathname.slice(1);
    readFile(join(folder, file)).then(
      (bytes) => answer.writeHead(200, { ...headers, 'content-type': TYPES[extname(file)] ?? 'text/plain' }).end(bytes),
      () => answer.writeHead(404, headers).end(),
    );
  });
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}
