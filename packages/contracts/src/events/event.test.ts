import { parseInstant } from '@rewardbook/domain/values/instant';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventSchema, parseEvent } from './event.ts';

const like = {
  id: '01J1',
  source: 'app',
  type: 'like',
  viewerId: 'v1',
  creatorId: 'c1',
  contentId: 'k9',
  occurredAt: '2026-10-03T14:00:00.123+07:00',
};
const { contentId: _, ...withoutContent } = like;
const follow = { ...withoutContent, type: 'follow' };

function codeOf(value: unknown, latestMs?: number): string {
  const parsed = parseEvent(value, latestMs);
  return parsed.ok ? 'ok' : parsed.code;
}

describe('parseEvent', () => {
  it('keeps what was sent, with the instant in UTC milliseconds', () => {
    expect(parseEvent(like)).toEqual({
      ok: true,
      event: { ...like, occurredAt: Date.UTC(2026, 9, 3, 7, 0, 0, 123) },
    });
  });

  it('gives a follow the empty content and a missing source its default', () => {
    const { source: __, ...bare } = follow;
    expect(parseEvent(bare)).toMatchObject({ ok: true, event: { contentId: '', source: 'default' } });
  });

  it.each([
    ['not-an-object', [like]],
    ['not-an-object', null],
    ['not-an-object', 'like'],
    ['unknown-key', { ...like, extra: 1 }],
    ['unknown-key', JSON.parse(`{"__proto__":1,${JSON.stringify(like).slice(1)}`)],
    ['missing-field', { ...like, viewerId: undefined }],
    ['wrong-type', { ...like, id: 7 }],
    ['wrong-type', { ...like, contentId: null }],
    ['wrong-type', { ...like, source: null }],
    ['wrong-type', { ...like, occurredAt: 1790000000 }],
    ['unknown-type', { ...like, type: 'share' }],
    ['missing-content-id', withoutContent],
    ['missing-content-id', { ...withoutContent, type: 'unlike' }],
    ['unexpected-content-id', { ...like, type: 'follow' }],
    ['unexpected-content-id', { ...like, type: 'unfollow', contentId: '' }],
    ['empty', { ...like, creatorId: '' }],
    ['too-long', { ...like, id: 'x'.repeat(129) }],
    ['too-long', { ...like, id: 'x'.repeat(1_000_000) }],
    ['control-character', { ...like, id: 'a\u0000b' }],
    ['control-character', { ...like, id: 'a\u007fb' }],
    ['control-character', { ...like, id: 'a\u0085b' }],
    ['lone-surrogate', { ...like, id: 'a\ud83d' }],
    ['bad-time', { ...like, occurredAt: '2026-10-03T14:00:00' }],
    ['bad-time', { ...like, occurredAt: '2026-02-30T14:00:00Z' }],
    ['bad-time', { ...like, occurredAt: '2026-10-03T24:00:00Z' }],
  ])('refuses with %s', (code, value) => {
    expect(codeOf(value)).toBe(code);
  });

  it('counts code points, not UTF-16 units', () => {
    expect(codeOf({ ...like, id: '😀'.repeat(128) })).toBe('ok');
    expect(codeOf({ ...like, id: '😀'.repeat(129) })).toBe('too-long');
  });

  it('refuses what is ahead of the latest time, and nothing without one', () => {
    const instant = parseInstant(like.occurredAt) ?? 0;
    expect(codeOf(like, instant)).toBe('ok');
    expect(codeOf(like, instant - 1)).toBe('future');
    expect(codeOf({ ...like, occurredAt: '9999-12-31T23:59:59Z' })).toBe('ok');
  });

  it('shows an id that cannot be stored cut and cleaned', () => {
    const parsed = parseEvent({ ...like, id: `\u0000\ud800${'x'.repeat(1000)}` });
    expect(parsed).toMatchObject({ ok: false, id: `\ufffd\ufffd${'x'.repeat(126)}` });
  });

  it('accepts exactly what the schema of the API does', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom('', 'a', '😀', '\ud800', '\u0000', 'x'.repeat(128), 'x'.repeat(129), '😀'.repeat(65)),
    );
    const field = fc.oneof({ weight: 8, arbitrary: text }, { weight: 1, arbitrary: fc.jsonValue() });
    const time = fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('2026-10-03T14:00:00Z', '0000-01-01T00:00:00+14:00') },
      { weight: 1, arbitrary: fc.oneof(text, fc.constantFrom('2026-10-03 14:00:00Z', '2026-13-01T00:00:00Z')) },
    );
    const value = fc.record(
      {
        id: field,
        source: field,
        type: fc.oneof(
          { weight: 9, arbitrary: fc.constantFrom('like', 'unlike', 'follow', 'unfollow') },
          { weight: 1, arbitrary: field },
        ),
        viewerId: field,
        creatorId: field,
        contentId: field,
        occurredAt: time,
        extra: fc.constant(1),
      },
      { requiredKeys: ['id', 'type', 'viewerId', 'creatorId', 'occurredAt'] },
    );
    fc.assert(
      fc.property(value, fc.boolean(), fc.boolean(), (sent, dropExtra, dropContent) => {
        if (dropExtra) {
          delete sent.extra;
        }
        if (dropContent) {
          delete sent.contentId;
        }
        expect(parseEvent(sent).ok).toBe(eventSchema.safeParse(sent).success);
      }),
      { numRuns: 3000 },
    );
  });
});
