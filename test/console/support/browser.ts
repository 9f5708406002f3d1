import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { type ConsoleSystem, personOf } from './console-system.ts';

const CHROMIUM = '/usr/bin/chromium';
const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');
// What passed is not asked for, and the styles are the console's own: that takes a third of the time.
const AXE_OPTIONS = {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
  resultTypes: ['violations'],
  preload: false,
};

export function launchBrowser(): Promise<Browser> {
  // Chromium has no sandbox as root.
  return chromium.launch({ executablePath: CHROMIUM, headless: true, args: ['--no-sandbox', '--disable-gpu'] });
}

/** Charts are drawn again a moment after the window has another size. */
const DRAWN_MS = 3_000;

/** Reports of a whole program take a while on a machine with other work. */
const READ_MS = 20_000;

export interface View {
  readonly width?: number;
  readonly height?: number;
  readonly theme?: 'light' | 'dark';
}

/** A browser of somebody who is signed in, and everything that its pages complained about. */
export interface SignedIn {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: readonly string[];
}

export async function signIn(
  browser: Browser,
  system: Pick<ConsoleSystem, 'url' | 'people'>,
  name: string,
  { width = 1440, height = 900, theme = 'light' }: View = {},
): Promise<SignedIn> {
  const context = await browser.newContext({
    baseURL: system.url,
    viewport: { width, height },
    colorScheme: theme,
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(READ_MS);
  // As a page of the console would: the service lets in nobody else.
  await context.request.post('/session', {
    headers: { origin: system.url },
    data: { key: personOf(system, name).key },
  });
  const complaints: string[] = [];
  const page = await context.newPage();
  page.on('pageerror', (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      complaints.push(`${page.url()}: ${message.text()}`);
    }
  });
  page.on('dialog', (dialog) => {
    complaints.push(`${page.url()}: a script said ${dialog.message()}`);
    void dialog.dismiss();
  });
  return { context, page, complaints };
}

/** Opens a page and waits until nothing of it is still being read. */
export async function openPage(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await untilRead(page);
}

export async function untilRead(page: Page): Promise<void> {
  const reading = page.locator('.pending, .table-box[aria-busy=true]');
  await reading.first().waitFor({ state: 'detached', timeout: READ_MS });
}

/** What axe finds wrong in what the page shows, a line each. */
export async function findFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  const found = await page.evaluate(`axe.run(document, ${JSON.stringify(AXE_OPTIONS)}).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ': ' + html.slice(0, 200) + ' ' + failureSummary)))`);
  return found as string[];
}

/** What axe finds in what the page shows, light and then dark, a line each. */
export async function findFaultsInThemes(page: Page): Promise<string[]> {
  const faults: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    faults.push(...(await findFaults(page)).map((fault) => `${colorScheme}: ${fault}`));
  }
  await page.emulateMedia({ colorScheme: 'light' });
  return faults;
}

/** By how many pixels the page is wider than the window, once what is drawn has the window's new size. */
export async function overflowOf(page: Page): Promise<number> {
  const until = Date.now() + DRAWN_MS;
  for (;;) {
    const overflow = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
    if (Number(overflow) <= 0 || Date.now() > until) {
      return Number(overflow);
    }
  }
}
