import { describe, expect, it } from 'vitest';
import { cloudEventSchema, parseCloudEvent } from './cloud-event.ts';

const cloudEvent = {
  specversion: '1.0',
  id: '01J1',
  source: '/app',
  type: 'rewardbook.like',
  time: '2026-10-03T14:00:00Z',
  datacontenttype: 'application/json',
  data: { viewerId: 'v1', creatorId: 'c1', contentId: 'k9' },
};

describe('parseCloudEvent', () => {
  it('takes id, source, time and type from the envelope and the rest from data', () => {
    expect(parseCloudEvent(cloudEvent)).toEqual({
      ok: true,
      event: {
        id: '01J1',
        source: '/app',
        type: 'like',
        viewerId: 'v1',
        creatorId: 'c1',
        contentId: 'k9',
        occurredAt: Date.UTC(2026, 9, 3, 14),
      },
    });
    expect(cloudEventSchema.safeParse(cloudEvent).success).toBe(true);
  });

  it('ignores extension attributes, as the standard asks', () => {
    expect(parseCloudEvent({ ...cloudEvent, traceparent: '00-1' }).ok).toBe(true);
  });

  it('takes a follow without content', () => {
    const follow = { ...cloudEvent, type: 'rewardbook.follow', data: { viewerId: 'v1', creatorId: 'c1' } };
    expect(parseCloudEvent(follow)).toMatchObject({ ok: true, event: { type: 'follow', contentId: '' } });
  });

  it.each([
    ['not-an-object', []],
    ['wrong-type', { ...cloudEvent, specversion: '0.3' }],
    ['missing-field', { ...cloudEvent, source: undefined }],
    ['missing-field', { ...cloudEvent, time: undefined }],
    ['unknown-type', { ...cloudEvent, type: 'com.example.like' }],
    ['unknown-type', { ...cloudEvent, type: 'rewardbook.share' }],
    ['wrong-type', { ...cloudEvent, datacontenttype: 'text/xml' }],
    ['unknown-key', { ...cloudEvent, data_base64: 'AA==' }],
    ['unknown-key', { ...cloudEvent, viewerId: 'v1' }],
    ['missing-field', { ...cloudEvent, data: undefined }],
    ['wrong-type', { ...cloudEvent, data: 'text' }],
    ['unknown-key', { ...cloudEvent, data: { ...cloudEvent.data, extra: 1 } }],
    ['missing-content-id', { ...cloudEvent, data: { viewerId: 'v1', creatorId: 'c1' } }],
    ['bad-time', { ...cloudEvent, time: '2026-10-03' }],
  ])('refuses with %s', (code, value) => {
    expect(parseCloudEvent(value)).toMatchObject({ ok: false, code });
  });
});
