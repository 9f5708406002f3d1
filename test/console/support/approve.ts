import type { Page } from 'playwright-core';
import { openPage } from './browser.ts';
import { PROGRAM } from './console-system.ts';

/** The newest request that waits is looked at and approved. */
export async function approveNewest(page: Page): Promise<void> {
  await openPage(page, `/books/${PROGRAM}/approvals`);
  await page
    .getByRole('button', { name: /^Open request/ })
    .last()
    .click();
  await page.getByRole('button', { name: 'Approve and do it' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}
