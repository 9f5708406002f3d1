import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

/** Undefined if there is a Chromium, else what a skipped test says. */
export const chromiumMissing: string | undefined = existsSync(CHROMIUM)
  ? undefined
  : `skipped: ${CHROMIUM} is missing (Debian's chromium)`;

export interface Page {
  /** Calls a function of the page's `core` with JSON and gives what it returns, which is JSON too. */
  call(name: string, ...args: readonly unknown[]): Promise<unknown>;
  close(): Promise<void>;
}

/** Opens an empty page in its own Chromium, offline, and runs a script in it. */
export async function openPage(script: string): Promise<Page> {
  const userData = await mkdtemp(join(tmpdir(), 'rewardbook-chromium-'));
  const context = await chromium.launchPersistentContext(userData, {
    executablePath: CHROMIUM,
    headless: true,
    offline: true,
    args: [
      '--headless',
      '--no-sandbox', // Chromium has no sandbox as root
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  const close = async (): Promise<void> => {
    await context.close();
    await rm(userData, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  try {
    const page = context.pages()[0] ?? (await context.newPage());
    await page.addScriptTag({ content: script });
    return {
      // Text, not functions: what compiles them for Node adds helpers that a page does not have.
      call: (name, ...args) => page.evaluate(`core.${name}(...${JSON.stringify(args)})`),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
