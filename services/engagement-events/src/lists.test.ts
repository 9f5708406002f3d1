import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testPolicy } from '../../../test/support/test-policy.ts';
import { applyTestPolicy } from '../../../test/support/test-program.ts';
import { like, ndjson, PROGRAM, startTestService, type TestService } from './test-service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
  await applyTestPolicy(service.owner, testPolicy({ program: 'other' }));
  const lines = ['é', 'z', 'B', 'a', '😀', '\uffee'].flatMap((id) => [like(id), like(id, { viewerId: 'v2' })]);
  await service.post(ndjson([...lines, like('a', { creatorId: 'c2' }), '{']), {
    'content-type': 'application/x-ndjson',
  });
  await service.post([like('follow', { type: 'follow', contentId: undefined, viewerId: 'v9' })]);
  await service.post([like('z')]);
});
afterAll(() => service.stop());

/** All items of a list, page by page. */
async function walk(path: string, limit: number) {
  // biome-ignore lint/suspicious/noExplicitAny: items of several lists
  const items: any[] = [];
  let cursor: string | null = null;
  do {
    const { status, body } = await service.get(`${path}limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`);
    expect(status).toBe(200);
    expect(body.items.length).toBeLessThanOrEqual(limit);
    items.push(...body.items);
    cursor = body.nextCursor;
  } while (cursor !== null);
  return items;
}

describe('events', () => {
  it('are listed by the bytes of their identity, each once, in the form in which they were sent', async () => {
    const all = await walk('/events?', 5);
    expect(all).toHaveLength(13);
    const ids = all.map((event) => event.id);
    expect(ids).toEqual([...ids].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))));
    expect(all).toEqual(await walk('/events?', 1));
    expect(all[0]).toEqual(like('B', { occurredAt: '2026-10-03T14:00:00.000Z' }));
    expect(all.find((event) => event.id === 'follow')).not.toHaveProperty('contentId');
  });

  it('are filtered by viewer and creator', async () => {
    expect(await walk('/events?viewerId=v2&', 4)).toHaveLength(6);
    expect(await walk('/events?viewerId=v9&creatorId=c1&', 4)).toMatchObject([{ id: 'follow', type: 'follow' }]);
    expect(await walk('/events?creatorId=none&', 4)).toEqual([]);
  });

  it('are those of one program', async () => {
    const headers = await service.keyWith('read');
    const other = await service.app.inject({ url: '/v1/programs/other/events', headers });
    expect(other.json()).toEqual({ items: [], nextCursor: null });
    expect((await service.app.inject({ url: '/v1/programs/none/events', headers })).statusCode).toBe(404);
  });
});

describe('batches', () => {
  it('are listed, and found by number', async () => {
    const all = await walk('/batches?', 1);
    expect(all.reduce((sum, batch) => sum + batch.accepted, 0)).toBe(13);
    expect(all.reduce((sum, batch) => sum + batch.duplicates, 0)).toBe(1);
    expect(all.reduce((sum, batch) => sum + batch.conflicts, 0)).toBe(1);
    expect(all.every((batch) => batch.sealedAt !== null)).toBe(true);
    const [first] = all;
    expect((await service.get(`/batches/${first.batchId}`)).body).toEqual(first);
    for (const id of ['0', '999999', 'x', '9'.repeat(30)]) {
      expect((await service.get(`/batches/${id}`)).body).toMatchObject({ status: 404, code: 'not-found' });
    }
  });

  it('with something to tally can be listed without the others', async () => {
    const untallied = await walk('/batches?state=untallied&', 10);
    expect(untallied.reduce((sum, batch) => sum + batch.accepted, 0)).toBe(13);
    expect(untallied.every((batch) => batch.accepted > 0)).toBe(true);
  });
});

describe('refused events', () => {
  it('are listed in the order in which they were kept, and by code', async () => {
    const all = await walk('/refused-events?', 1);
    expect(all.map((refused) => refused.code).sort()).toEqual(['bad-json', 'conflict']);
    expect(await walk('/refused-events?code=bad-json&', 5)).toMatchObject([{ index: 13, id: null, event: '{' }]);
  });
});

describe('a cursor', () => {
  it.each(['/events', '/batches', '/refused-events'])('that is not valid for %s is refused', async (path) => {
    for (const cursor of ['x', 'W10', 'WyJhIl0']) {
      expect((await service.get(`${path}?cursor=${cursor}`)).body).toMatchObject({ status: 400, code: 'bad-cursor' });
    }
    const url = `/v1/programs/${PROGRAM}${path}?limit=0`;
    const answer = await service.app.inject({ url, headers: await service.keyWith('read') });
    expect(answer.json()).toMatchObject({ status: 400, code: 'invalid-request' });
  });
});
