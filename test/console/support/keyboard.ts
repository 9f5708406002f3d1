import type { Page } from 'playwright-core';

const MAX_TABS = 90;

/** What has the focus: its label, or its text. */
export async function focusedText(page: Page): Promise<string> {
  const text = await page.evaluate(`(() => {
    const element = document.activeElement;
    const label = element.id === '' ? null : document.querySelector('label[for="' + element.id + '"]');
    return element.getAttribute('aria-label') ?? label?.textContent ?? element.textContent;
  })()`);
  return String(text);
}

/** Goes on with Tab until something of this name has the focus. */
export async function tabTo(page: Page, name: string | RegExp, key = 'Tab'): Promise<void> {
  for (let tabs = 0; tabs < MAX_TABS; tabs += 1) {
    const focused = await focusedText(page);
    if (typeof name === 'string' ? focused === name : name.test(focused)) {
      return;
    }
    await page.keyboard.press(key);
  }
  throw new Error(`${MAX_TABS} times ${key} do not lead to "${name}"`);
}
