import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import { chromiumMissing } from '../browser/chromium.ts';
import { launchBrowser, openPage, signIn } from '../console/support/browser.ts';
import { type ConsoleSystem, startDemoSystem } from '../console/support/console-system.ts';
import { PICTURES, type Picture } from './pictures.ts';

// Takes the README's pictures anew, from the demo's program in a system of its own.

const FOLDER = fileURLToPath(new URL('../../.github/pictures/', import.meta.url));
const EVENTS = 20_000;

async function take(browser: Browser, system: ConsoleSystem, picture: Picture): Promise<void> {
  const { name, who, path, theme, width, height, prepare } = picture;
  const { context, page } = await signIn(browser, system, who, { theme, width, height });
  await openPage(page, path);
  await prepare?.(page);
  const bytes = await page.screenshot({ animations: 'disabled', caret: 'hide', scale: 'css' });
  await writeFile(`${FOLDER}${name}.png`, bytes);
  process.stderr.write(`${name}.png: ${width} × ${height}, ${Math.ceil(bytes.byteLength / 1024)} KiB\n`);
  await context.close();
}

if (chromiumMissing !== undefined) {
  throw new Error(`no pictures without Chromium: ${chromiumMissing}`);
}
await mkdir(FOLDER, { recursive: true });
const browser = await launchBrowser();
try {
  const system = await startDemoSystem({ events: EVENTS });
  try {
    for (const picture of PICTURES) {
      await take(browser, system, picture);
    }
  } finally {
    await system.close();
  }
} finally {
  await browser.close();
}
