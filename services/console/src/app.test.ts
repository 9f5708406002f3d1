import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { AppError } from '@rewardbook/runtime/http/errors';
import { Agent } from 'undici';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestConsole, type TestConsole } from './test-service.ts';
import { PAGE, SCRIPT } from './test-support/built-app.ts';

let test: TestConsole;
beforeAll(async () => {
  test = await startTestConsole();
});
afterAll(() => test.stop());

it('every page is the app’s one page, and is asked for again each time', async () => {
  for (const path of ['/', '/books/p/2026-10?sort=amount', '/proof', '/lab/%E0%B8%81', '/docs', '/healthy', '/~..']) {
    const { status, headers, text } = await test.ask(path);
    expect([path, status, text]).toEqual([path, 200, PAGE]);
    expect(headers['content-type']).toMatch(/^text\/html/);
    expect(headers['cache-control']).toBe('no-store');
  }
  const head = await test.ask('/books', { method: 'HEAD' });
  expect([head.status, head.headers['content-length']]).toEqual([200, String(PAGE.length)]);
});

it('what is no page is not found, and no page: a script must not get HTML', async () => {
  for (const path of [
    '/api',
    '/api/',
    '/api/ledger',
    '/api/ledger/metrics',
    '/api/ledger/docs',
    '/api/other/v1/x',
    '/session/x',
    '/assets',
    '/assets/',
    '/favicon.ico',
  ]) {
    const { status, headers } = await test.ask(path, { headers: { 'sec-fetch-site': 'same-origin' } });
    expect([path, status, headers['content-type']]).toEqual([path, 404, 'application/problem+json']);
  }
});

describe('a file', () => {
  it('with a hashed name stays in the browser, and comes compressed in the way that it takes best', async () => {
    const plain = await test.ask('/assets/main-a1b2c3.js');
    expect(plain.text).toBe(SCRIPT);
    expect(plain.headers['content-type']).toMatch(/javascript/);
    expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    for (const [accepted, encoding, unpack] of [
      ['br, gzip', 'br', brotliDecompressSync],
      ['gzip', 'gzip', gunzipSync],
      ['gzip, deflate, br;q=0', 'gzip', gunzipSync],
    ] as const) {
      const { headers, bytes } = await fetchBytes('/assets/main-a1b2c3.js', accepted);
      expect([headers['content-encoding'], headers.vary]).toEqual([encoding, 'accept-encoding']);
      expect(headers['content-type']).toBe(plain.headers['content-type']);
      expect(bytes.length).toBeLessThan(SCRIPT.length / 4);
      expect(unpack(bytes).toString()).toBe(SCRIPT);
    }
  });

  it('at the top is found by its name, if it is one that browsers ask for', async () => {
    const icon = await test.ask('/icon.svg');
    expect([icon.status, icon.headers['content-type']]).toEqual([200, 'image/svg+xml']);
    expect((await test.ask('/secret.json')).text).toBe(PAGE);
  });

  it.each([
    '/assets/../index.html',
    '/assets/..%2fsecret.json',
    '/assets/%2e%2e/secret.json',
    '/assets/%2e%2e%2f%2e%2e%2fetc%2fpasswd',
    '/assets/..\\secret.json',
    '/assets/..%5csecret.json',
    '/assets/....//secret.json',
    '/assets//etc/passwd',
    '/assets/%00',
    '/assets/main-a1b2c3.js%00.css',
    '/assets/.hidden',
    '/assets/%252e%252e%252fsecret.json',
    '/assets/main-a1b2c3.js/',
    `/assets/${'a'.repeat(5_000)}`,
    '/assets/%zz',
  ])('that is not in the folder is not given: %s', async (path) => {
    const { status, text } = await test.ask(path);
    expect([400, 404, 414]).toContain(status);
    expect(text).not.toMatch(/^\{\}$|root:/);
  });

  async function fetchBytes(path: string, accepted: string) {
    const client = new Agent();
    const { headers, body } = await client.request({
      origin: test.url,
      path,
      method: 'GET',
      headers: { 'accept-encoding': accepted },
    });
    const bytes = Buffer.from(await body.arrayBuffer());
    await client.destroy();
    return { headers, bytes };
  }
});

it('an app that cannot be built is a problem that says why, and the rest works', async () => {
  const own = await startTestConsole({
    findApp: async () => {
      throw new AppError('not-ready', 'The console could not be built: line 3');
    },
  });
  try {
    expect((await own.ask('/')).json()).toMatchObject({
      status: 503,
      code: 'not-ready',
      detail: expect.stringContaining('line 3'),
    });
    expect((await own.ask('/assets/main-a1b2c3.js')).status).toBe(503);
    await own.signIn(await own.newKey('ada', 'read'));
  } finally {
    await own.stop();
  }
});

it('headers that are too long are refused', async () => {
  expect((await test.ask('/', { headers: { 'x-long': 'x'.repeat(20_000) } })).status).toBe(431);
  expect((await test.ask('/', { cookie: `rewardbook-1=${'x'.repeat(20_000)}` })).status).toBe(431);
  expect((await test.ask('/', { cookie: `rewardbook-1=${'x'.repeat(4_000)}` })).status).toBe(200);
});
