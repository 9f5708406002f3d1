import { createHash } from 'node:crypto';
import type { AuditIntent, AuditLog, AuditOutcome } from '@rewardbook/db/audit-log';
import { afterEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { createTestApp, type TestApp } from '../test-app.ts';
import { requireScope } from './api-key.ts';
import { auditSummary } from './audit-summary.ts';

const open: TestApp[] = [];
afterEach(async () => {
  for (const { app } of open.splice(0)) {
    await app.close();
  }
});

type Step = { begin: AuditIntent } | { end: number; outcome: AuditOutcome } | { handler: string };

/** An app whose handlers and audit log write into one list, in the order in which things happen. */
async function start(faults: Partial<Record<'begin' | 'end', Error>> = {}) {
  const steps: Step[] = [];
  const audit: AuditLog = {
    begin: async (intent) => {
      if (faults.begin !== undefined) {
        throw faults.begin;
      }
      steps.push({ begin: intent });
      return steps.length;
    },
    end: async (auditId, outcome) => {
      if (faults.end !== undefined) {
        throw faults.end;
      }
      steps.push({ end: auditId, outcome });
    },
  };
  const test = await createTestApp({ audit });
  open.push(test);
  const { app } = test;
  const body = z.strictObject({ reason: z.string(), account: z.string().optional(), fail: z.boolean().optional() });
  app.post(
    '/v1/programs/:program/runs/:run',
    { ...requireScope('operate'), schema: { params: z.object({ program: z.string(), run: z.string() }), body } },
    async (request) => {
      steps.push({ handler: request.params.run });
      if (request.body.fail === true) {
        throw new Error('broken');
      }
      return { done: true };
    },
  );
  app.addContentTypeParser('text/csv', (_request, payload, done) => done(null, payload));
  app.post('/v1/files', { ...requireScope('operate'), schema: { consumes: ['text/csv'] } }, async (request) => {
    steps.push({ handler: 'file' });
    let bytes = 0;
    for await (const chunk of request.body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
    }
    return { bytes };
  });
  app.delete('/v1/files/:file', requireScope('operate'), async () => ({}));
  app.get('/v1/files', requireScope('operate'), async () => ({}));
  await app.ready();
  return { app, steps, headers: test.keyWith(['operate', 'read']), reader: test.keyWith(['read']) };
}

const url = '/v1/programs/books/runs/r1?dryRun=true';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('the audit log', () => {
  it('has who, what and the hash of the body before the handler runs, and the status before the answer', async () => {
    const { app, steps, headers } = await start();
    const payload = '{"reason":"month end","account":"ID-4711"}';
    const sent = { ...headers, 'content-type': 'application/json', 'x-request-id': 'req-1' };
    const answer = await app.inject({ method: 'POST', url, headers: sent, payload });
    expect(answer.statusCode).toBe(200);
    expect(steps).toEqual([
      {
        begin: {
          keyHash: expect.stringMatching(/^[0-9a-f]{64}$/),
          method: 'POST',
          route: '/v1/programs/:program/runs/:run',
          program: 'books',
          requestId: 'req-1',
          bodySha256: sha256(payload),
          summary: '{"params":{"program":"books","run":"r1"},"query":{"dryRun":"true"},"body":{"reason":"month end"}}',
        },
      },
      { handler: 'r1' },
      { end: 1, outcome: { status: 200, bodySha256: null } },
    ]);
  });

  it('has the outcome of a handler that fails', async () => {
    const { app, steps, headers } = await start();
    const answer = await app.inject({ method: 'POST', url, headers, payload: { reason: 'x', fail: true } });
    expect(answer.statusCode).toBe(500);
    expect(steps.at(-1)).toEqual({ end: 1, outcome: { status: 500, bodySha256: null } });
  });

  it('lets nothing be changed that it cannot write down', async () => {
    const lost = Object.assign(new Error('connection lost'), { code: 'CONNECTION_CLOSED' });
    const { app, steps, headers } = await start({ begin: lost });
    const answer = await app.inject({ method: 'POST', url, headers, payload: { reason: 'x' } });
    expect([answer.statusCode, answer.json().code]).toEqual([503, 'database-unavailable']);
    expect(steps).toEqual([]);
  });

  it('tells the caller that the change is made, also where its outcome could not be written', async () => {
    const { app, steps, headers } = await start({ end: new Error('gone') });
    const answer = await app.inject({ method: 'POST', url, headers, payload: { reason: 'x' } });
    expect(answer.statusCode).toBe(200);
    expect(steps).toHaveLength(2);
  });

  it('hashes a body that the handler reads as it comes, and has the hash with the outcome', async () => {
    const { app, steps, headers } = await start();
    const payload = 'a,b\n'.repeat(100_000);
    const sent = { ...headers, 'content-type': 'text/csv' };
    const answer = await app.inject({ method: 'POST', url: '/v1/files', headers: sent, payload });
    expect(answer.json()).toEqual({ bytes: payload.length });
    expect(steps[0]).toMatchObject({ begin: { bodySha256: null, program: null } });
    expect(steps.at(-1)).toEqual({ end: 1, outcome: { status: 200, bodySha256: sha256(payload) } });
  });

  it('has deletions, which have no body', async () => {
    const { app, steps, headers } = await start();
    await app.inject({ method: 'DELETE', url: '/v1/files/f1', headers });
    expect(steps).toMatchObject([
      { begin: { method: 'DELETE', bodySha256: null } },
      { end: 1, outcome: { status: 200 } },
    ]);
  });

  it.each([
    ['a scope that it lacks', 403, async (test: Awaited<ReturnType<typeof start>>) => test.reader, { reason: 'x' }],
    ['a body that does not fit', 400, async (test: Awaited<ReturnType<typeof start>>) => test.headers, { wrong: 1 }],
  ])('has what a known key was refused: %s', async (_what, status, headersOf, payload) => {
    const test = await start();
    const answer = await test.app.inject({ method: 'POST', url, headers: await headersOf(test), payload });
    expect(answer.statusCode).toBe(status);
    await expect.poll(() => test.steps).toMatchObject([{ begin: { method: 'POST' } }, { end: 1, outcome: { status } }]);
  });

  it('leaves out what changes nothing, and who is not known', async () => {
    const { app, steps, headers } = await start();
    await app.inject({ method: 'GET', url: '/v1/files', headers });
    await app.inject({ method: 'POST', url, payload: { reason: 'x' } });
    await app.inject({ method: 'POST', url: '/v1/none', headers, payload: { reason: 'x' } });
    expect(steps).toEqual([]);
  });

  it('leaves a connection usable after a large body that was refused unread', async () => {
    const { app, headers } = await start();
    const address = await app.listen({ port: 0, host: '127.0.0.1' });
    const body = 'x'.repeat(900_000);
    for (const status of [415, 415, 200]) {
      const type = status === 415 ? 'text/xml' : 'text/csv';
      const answer = await fetch(`${address}/v1/files`, {
        method: 'POST',
        headers: { ...headers, 'content-type': type },
        body,
        signal: AbortSignal.timeout(5_000),
      });
      expect(answer.status).toBe(status);
      await answer.text();
    }
  });
});

describe('the summary of a request', () => {
  it('shows fields that name or decide, and no other', () => {
    const body = { reason: 'r'.repeat(300), payee: 'Siti', scopes: ['read'], amount: '1.00', nested: { reason: 'no' } };
    expect(JSON.parse(auditSummary({ params: {}, query: undefined, body }))).toEqual({
      body: { reason: `${'r'.repeat(200)}…`, scopes: ['read'], amount: '1.00' },
    });
  });

  it('does not look into a list or a file', () => {
    const query = Object.create(Object.create(null), { limit: { value: '5', enumerable: true } });
    for (const body of [[{ reason: 'x' }], Buffer.from('reason,name'), Promise.resolve({ reason: 'x' })]) {
      expect(auditSummary({ params: undefined, query, body })).toBe('{"query":{"limit":"5"}}');
    }
  });

  it('is text that a database takes, whatever was sent, and not long', () => {
    const shown = auditSummary({ params: { program: 'a\u0000b\ud800' }, query: null, body: [1] });
    expect(shown).toBe('{"params":{"program":"a\\u0000b\\ud800"}}');
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, n) => [`p${n}`, 'x'.repeat(200)]));
    expect(auditSummary({ params: many, query: {}, body: {} }).length).toBeLessThan(100);
  });
});
