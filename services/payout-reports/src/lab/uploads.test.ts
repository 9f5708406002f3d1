import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVENTS, POLICY, REVENUE, TestLab } from './test-lab.ts';

let lab: TestLab;
beforeAll(async () => {
  lab = await TestLab.open();
});
afterAll(() => lab?.close());

describe('uploads', () => {
  it('take gzip, and recognize the same events', async () => {
    const answer = await lab.service.app.inject({
      method: 'POST',
      url: '/v1/lab/events',
      headers: { ...lab.headers, 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
      payload: gzipSync(EVENTS.join('\n')),
    });
    expect(answer.json()).toEqual({ upload: await lab.upload(EVENTS), bytes: EVENTS.join('\n').length });
  });

  it.each([
    ['one that is too large', { 'content-type': 'application/x-ndjson' }, 'x'.repeat(150_001), 413, 'too-large'],
    [
      'gzip that is cut off',
      { 'content-type': 'application/x-ndjson', 'content-encoding': 'gzip' },
      gzipSync(EVENTS.join()).subarray(0, 30),
      400,
      'bad-compression',
    ],
    ['another media type', { 'content-type': 'text/plain' }, 'x', 415, 'unsupported-media-type'],
  ])('refuse %s', async (_, more, payload, status, code) => {
    const answer = await lab.service.app.inject({
      method: 'POST',
      url: '/v1/lab/events',
      headers: { ...lab.headers, ...more },
      payload,
    });
    expect([answer.statusCode, answer.json().code], answer.body).toEqual([status, code]);
  });

  it('make room for newer ones', async () => {
    const first = await lab.upload([`${'a'.repeat(140_000)}`]);
    await lab.upload([`${'b'.repeat(140_000)}`]);
    expect(
      (await lab.ask({ question: 'simulate', policy: POLICY, revenue: REVENUE, events: { upload: first } }, 0)).json()
        .code,
    ).toBe('upload-unknown');
  });
});
