import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FROM_PAGE, startTestConsole, type TestConsole, type TestRequest } from './test-service.ts';

let test: TestConsole;
let cookie: string;
beforeAll(async () => {
  test = await startTestConsole();
  cookie = await test.signIn(await test.newKey('ada', 'read', 'operate'));
});
afterAll(() => test.stop());

describe('a request that changes something', () => {
  const cases = (): readonly [what: string, headers: Record<string, string>, isTaken: boolean][] => [
    ['of the console’s page', { 'sec-fetch-site': 'same-origin' }, true],
    ['of another site', { 'sec-fetch-site': 'cross-site' }, false],
    ['of another port of this machine', { 'sec-fetch-site': 'same-site', origin: 'http://127.0.0.1:1' }, false],
    ['of nobody’s page', { 'sec-fetch-site': 'none' }, false],
    ['of a page that lies', { 'sec-fetch-site': 'same-origin, cross-site' }, false],
    ['without any word of where it is from', {}, false],
    ['of an old browser, from the page', { origin: `http://${test.host}` }, true],
    ['of an old browser, from another port', { origin: 'http://127.0.0.1:1' }, false],
    ['of an old browser, from another scheme', { origin: `https://${test.host}` }, false],
    ['of a sandboxed frame', { origin: 'null' }, false],
    [
      'of another site that gives our address as its origin',
      { origin: `http://${test.host}`, 'sec-fetch-site': 'cross-site' },
      false,
    ],
  ];

  it('is taken only from the console’s own pages', async () => {
    for (const [what, headers, isTaken] of cases()) {
      const before = test.stub.requests.length;
      const answer = await test.ask('/api/events/v1/things', { method: 'POST', headers, cookie, json: {} });
      expect([what, answer.status]).toEqual([what, isTaken ? 200 : 403]);
      expect([what, test.stub.requests.length - before]).toEqual([what, isTaken ? 1 : 0]);
      if (!isTaken) {
        expect(answer.json()).toMatchObject({ code: 'wrong-origin' });
      }
    }
  });

  it('signs nobody in or out from elsewhere', async () => {
    const elsewhere = { 'sec-fetch-site': 'cross-site' };
    const requests: [string, TestRequest][] = [
      ['/session', { method: 'POST', json: { key: 'x' } }],
      ['/session', { method: 'DELETE' }],
      ['/session/person', { method: 'POST', json: { name: 'x' } }],
    ];
    for (const [path, request] of requests) {
      expect((await test.ask(path, { ...request, headers: elsewhere, cookie })).status).toBe(403);
    }
    expect((await test.ask('/session', { headers: FROM_PAGE, cookie })).status).toBe(200);
  });
});

it('data is shown to the console’s own pages only; the page itself opens from anywhere', async () => {
  for (const site of ['cross-site', 'same-site']) {
    const headers = { 'sec-fetch-site': site };
    expect((await test.ask('/api/events/v1/things', { headers, cookie })).status).toBe(403);
    expect((await test.ask('/session', { headers, cookie })).status).toBe(403);
    expect((await test.ask('/books', { headers })).status).toBe(200);
  }
  expect((await test.ask('/api/events/v1/things', { headers: { 'sec-fetch-site': 'none' }, cookie })).status).toBe(200);
});

it('never answers other origins with leave to read', async () => {
  test.stub.answerWith((_request, response) => {
    response
      .setHeader('access-control-allow-origin', '*')
      .setHeader('access-control-allow-credentials', 'true')
      .end('{}');
  });
  const read = await test.ask('/api/events/v1/things', { headers: FROM_PAGE, cookie });
  const preflight = await test.ask('/api/events/v1/things', {
    method: 'OPTIONS',
    headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
  });
  expect([read.status, preflight.status]).toEqual([200, 404]);
  for (const { headers } of [read, preflight]) {
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  }
});

describe('a host', () => {
  it('that is not the console’s is refused, whatever is asked for', async () => {
    for (const host of [
      'evil.example',
      `evil.example:${new URL(test.url).port}`,
      '127.0.0.1.evil.example',
      'localhost@evil',
      '',
    ]) {
      for (const path of ['/', '/session', '/api/events/v1/things', '/assets/main-a1b2c3.js']) {
        expect([host, path, (await raw(path, `host: ${host}\r\n`)).slice(9, 12)]).toEqual([host, path, '421']);
      }
    }
    expect((await raw('/', `host: ${test.host}\r\nx-forwarded-host: evil.example\r\n`)).slice(9, 12)).toBe('200');
  });

  it('is any of this machine where no address is set, and one alone where it is', async () => {
    for (const host of [test.host, 'localhost', 'localhost:1', '127.0.0.1', '[::1]:4104']) {
      expect([host, (await raw('/', `host: ${host}\r\n`)).slice(9, 12)]).toEqual([host, '200']);
    }
    const secure = await startTestConsole({ origin: 'https://console.example.com' });
    try {
      const ask = async (host: string) => (await secure.ask('/', { headers: { host } })).status;
      expect(await ask('console.example.com')).toBe(200);
      expect(await ask('console.example.com:444')).toBe(421);
      expect(await ask('127.0.0.1')).toBe(421);
      expect((await secure.ask('/healthz')).status).toBe(200);
      expect((await secure.ask('/readyz')).status).toBe(200);
      expect((await secure.ask('/metrics')).status).toBe(200);
    } finally {
      await secure.stop();
    }
  });

  async function raw(path: string, headers: string): Promise<string> {
    const socket = connect(Number(new URL(test.url).port), '127.0.0.1');
    socket.write(`GET ${path} HTTP/1.1\r\n${headers}connection: close\r\n\r\n`);
    let text = '';
    for await (const piece of socket.setEncoding('utf8')) {
      text += piece;
    }
    return text;
  }
});

it('where the console is reached by https, its cookie is for that host and https alone', async () => {
  const secure = await startTestConsole({ origin: 'https://console.example.com' });
  try {
    const headers = { host: 'console.example.com', origin: 'https://console.example.com' };
    const key = await secure.newKey('ada', 'read');
    const answer = await secure.ask('/session', { method: 'POST', headers, json: { key } });
    expect(answer.status).toBe(200);
    expect(String(answer.headers['set-cookie'])).toMatch(
      /^__Host-rewardbook=.+; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(answer.headers['strict-transport-security']).toMatch(/^max-age=\d{8}$/);
    const plain = await secure.ask('/session', {
      method: 'POST',
      headers: { ...headers, origin: 'http://console.example.com' },
      json: { key },
    });
    expect(plain.status).toBe(403);
  } finally {
    await secure.stop();
  }
});

it('every answer, good or not, forbids inline code, framing, sniffing and referrers', async () => {
  const answers = [
    await test.ask('/'),
    await test.ask('/books/some/page'),
    await test.ask('/assets/main-a1b2c3.js'),
    await test.ask('/assets/none.js'),
    await test.ask('/session'),
    await test.ask('/session', { method: 'DELETE' }),
    await test.ask('/api/ledger/v1/programs', { headers: FROM_PAGE }),
    await test.ask('/api/ledger/v1/programs', { headers: FROM_PAGE, cookie }),
    await test.ask('/api/none', { headers: FROM_PAGE }),
    await test.ask('/x', { method: 'PUT', headers: FROM_PAGE }),
    await test.ask('/', { headers: { host: 'evil.example' } }),
    await test.ask('/healthz'),
  ];
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 404, 401, 403, 401, 200, 404, 404, 421, 200]);
  for (const { headers } of answers) {
    const policy = String(headers['content-security-policy']);
    expect(policy).toMatch(/default-src '(self|none)'/);
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|\*/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('no-referrer');
    expect(headers['permissions-policy']).toContain('camera=()');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers['cross-origin-opener-policy']).toBe('same-origin');
  }
});
