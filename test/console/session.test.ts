import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { chromiumMissing } from '../browser/chromium.ts';
import { launchBrowser, openPage, signIn } from './support/browser.ts';
import { type ConsoleSystem, PROGRAM, personOf, startConsoleSystem } from './support/console-system.ts';

const BOOKS = `/books/${PROGRAM}`;
const START_MS = 300_000;
const TEST_MS = 120_000;

describe.skipIf(chromiumMissing !== undefined)(
  `sessions in Chromium${chromiumMissing ? ` (${chromiumMissing})` : ''}`,
  { timeout: TEST_MS },
  () => {
    let system: ConsoleSystem;
    let browser: Browser;
    beforeAll(async () => {
      [system, browser] = await Promise.all([startConsoleSystem({ events: 500 }), launchBrowser()]);
    }, START_MS);
    afterAll(async () => {
      await browser?.close();
      await system?.close();
    });

    it('no script can read the key or the cookie, wherever it looks', async () => {
      const context = await browser.newContext({ baseURL: system.url });
      const page = await context.newPage();
      await page.goto(BOOKS);
      const { key } = personOf(system, 'olga');
      await page.getByLabel('API key').fill(key);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByRole('heading', { name: 'TikTok Cash Indonesia' }).waitFor();
      const [cookie, ...others] = await context.cookies();
      expect(others).toEqual([]);
      expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict', path: '/' });
      expect(cookie?.value).not.toContain(key);
      const seen = await page.evaluate(`(async () => JSON.stringify([
        document.cookie, { ...localStorage }, { ...sessionStorage }, location.href, document.documentElement.outerHTML,
        await (await fetch('/session')).text(),
      ]))()`);
      expect(seen).not.toContain(key);
      expect(seen).not.toContain(cookie?.value);
      await context.close();
    });

    it('a page of somebody else, on the same machine too, neither reads nor changes anything, nor frames the console', async () => {
      const { context, page } = await signIn(browser, system, 'olga');
      await openPage(page, BOOKS);
      const evil = createServer((_request, response) =>
        response.setHeader('content-type', 'text/html').end('<p>hello'),
      );
      evil.listen(0, '127.0.0.1');
      await once(evil, 'listening');
      const { port } = evil.address() as AddressInfo;
      const revenue = `${system.url}/api/ledger/v1/programs/${PROGRAM}/revenue`;
      // 127.0.0.1 is the same site, whatever the port: the browser sends the cookie. localhost is another one.
      for (const host of ['127.0.0.1', 'localhost']) {
        const other = await context.newPage();
        await other.goto(`http://${host}:${port}/`);
        const read = await other.evaluate(
          `fetch(${JSON.stringify(revenue)}, { credentials: 'include' }).then((a) => 'read ' + a.status, () => 'refused')`,
        );
        expect(read).toBe('refused');
        const body = JSON.stringify({ period: '2026-11', amount: '1.00', reference: `evil-${host}` });
        await other.evaluate(`Promise.all(['text/plain', 'application/json'].map((type) => fetch(${JSON.stringify(revenue)}, {
          method: 'POST', mode: 'no-cors', credentials: 'include', headers: { 'content-type': type }, body: ${JSON.stringify(body)},
        }).catch(() => undefined)))`);
        await other.evaluate(`fetch(${JSON.stringify(`${system.url}/session/person`)}, {
          method: 'POST', mode: 'no-cors', credentials: 'include', body: '{"name":"ben"}',
        }).catch(() => undefined)`);
        const posted = other.waitForResponse(
          (answer) => answer.url() === revenue && answer.request().method() === 'POST',
        );
        await other.evaluate(`(() => {
          const form = document.createElement('form');
          form.method = 'post';
          form.enctype = 'text/plain';
          form.action = ${JSON.stringify(revenue)};
          const input = document.createElement('input');
          input.name = '{"period":"2026-11","amount":"1.00","reference":"form-';
          input.value = '"}';
          form.append(input);
          document.body.append(form);
          form.submit();
        })()`);
        expect((await posted).status()).toBeGreaterThanOrEqual(401);
        await other.close();
      }
      const framing = await context.newPage();
      await framing.goto(`http://127.0.0.1:${port}/`);
      const refusal = framing.waitForEvent('console', (message) => message.text().includes('frame-ancestors'));
      await framing.evaluate(
        `document.body.append(Object.assign(document.createElement('iframe'), { src: ${JSON.stringify(system.url)} }))`,
      );
      await refusal;
      evil.close();

      const { items } = await (await context.request.get(`/api/ledger/v1/programs/${PROGRAM}/revenue`)).json();
      expect(items.map(({ reference }: { reference: string }) => reference).sort()).toEqual([
        'ads-2026-09',
        'ads-2026-10',
      ]);
      const session = await (await context.request.get('/session', { headers: { origin: system.url } })).json();
      expect(session.person.name).toBe('olga');
      await context.close();
    });

    it('a key that is revoked in the middle of a form ends the session at once; what was typed waits for the next key', async () => {
      const key = (await system.run('keys create --name leaving --scopes operate,read')).trim();
      const context = await browser.newContext({ baseURL: system.url });
      await context.request.post('/session', { headers: { origin: system.url }, data: { key } });
      const page = await context.newPage();
      await openPage(page, `${BOOKS}/creators/c0000005`);
      await page.getByRole('button', { name: 'Place a hold' }).click();
      await page.getByLabel('Reason').fill('address');
      await page.getByLabel('Note (optional)').fill('Typed before the key was revoked');
      const { keys } = JSON.parse(await system.run('keys list --json'));
      const { keyId } = keys.find(({ name }: { name: string }) => name === 'leaving');
      await system.run(`keys revoke ${keyId}`);
      // A service may remember a key for a second.
      await expect
        .poll(async () => (await context.request.get(`/api/ledger/v1/programs`)).status(), { timeout: 10_000 })
        .toBe(401);
      await page.getByRole('button', { name: 'Place the hold' }).click();
      const ended = page.getByRole('dialog', { name: 'Your session has ended' });
      await ended.getByLabel('API key').fill(key);
      await ended.getByRole('button', { name: 'Sign in' }).click();
      await ended.getByText('This key is not accepted').waitFor();
      await ended.getByLabel('API key').fill(personOf(system, 'olga').key);
      await ended.getByRole('button', { name: 'Sign in' }).click();
      await ended.waitFor({ state: 'detached' });
      expect(await page.getByLabel('Note (optional)').inputValue()).toBe('Typed before the key was revoked');
      await page.getByRole('button', { name: 'Place the hold' }).click();
      await page.getByText('On hold: address', { exact: true }).waitFor();
      await context.close();
    });

    it('the policy of its pages lets nothing in that is not of the console', async () => {
      const { context, page } = await signIn(browser, system, 'rita');
      const answer = await page.goto(BOOKS);
      const policy = answer?.headers()['content-security-policy'] ?? '';
      expect(policy).toContain("default-src 'self'");
      expect(policy).not.toMatch(/unsafe|\*|https?:/);
      await page.getByRole('heading', { level: 1 }).waitFor();
      const blocked = await page.evaluate(`(async () => {
        const violations = [];
        document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => violations.push(effectiveDirective));
        const script = document.createElement('script');
        script.textContent = 'window.wasRun = true';
        document.body.append(script);
        const image = document.createElement('img');
        image.setAttribute('onerror', 'window.wasRun = true');
        image.src = '/no-such-picture.png';
        document.body.append(image);
        const text = document.createElement('p');
        text.setAttribute('style', 'position: fixed');
        document.body.append(text);
        await fetch('https://example.com/').catch(() => undefined);
        await new Promise((resolve) => image.addEventListener('error', resolve));
        return { wasRun: window.wasRun === true, position: getComputedStyle(text).position, violations: [...new Set(violations)].sort() };
      })()`);
      expect(blocked).toEqual({
        wasRun: false,
        position: 'static',
        violations: ['connect-src', 'script-src-attr', 'script-src-elem', 'style-src-attr'],
      });
      await context.close();
    });
  },
);
