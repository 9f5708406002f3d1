import { describe, expect, it } from 'vitest';
import { parseEvent, REFUSAL_CODES } from '../../events/event.ts';
import { columnOfRefusal, describeColumns, matchColumns, readColumns } from './event-columns.ts';

const NAMES = ['event_id', 'kind', 'User ID', 'creator_id', 'video_id', 'ts', 'device'];

function matched(names: readonly string[], given = {}): Record<string, string> {
  return Object.fromEntries(matchColumns(names, given).columns.map(({ field, name }) => [field, name]));
}

describe('matchColumns', () => {
  it('knows columns by their names', () => {
    const found = matchColumns(NAMES);
    expect(describeColumns(found)).toBe(
      'id=event_id, type=kind, viewerId=User ID, creatorId=creator_id, contentId=video_id, occurredAt=ts; not used: device',
    );
    const own = ['occurredAt', 'contentId', 'creatorId', 'viewerId', 'type', 'source', 'id'];
    expect(matched(own)).toEqual(Object.fromEntries(own.map((name) => [name, name])));
  });

  it('takes the likelier of two names, and those that are given before any', () => {
    const names = ['id', 'event_id', 'type', 'user_id', 'viewer_id', 'creator', 'time'];
    expect(matched(names)).toMatchObject({ id: 'id', viewerId: 'viewer_id' });
    expect(matched(names, { id: 'event_id', viewerId: 'user_id' })).toMatchObject({
      id: 'event_id',
      viewerId: 'user_id',
    });
  });

  it('uses a column once, and none where none is given', () => {
    const names = ['id', 'type', 'user', 'creator', 'time', 'source', 'content'];
    expect(matched(names, { source: '', contentId: 'source' })).toEqual({
      ...{ id: 'id', type: 'type', viewerId: 'user', creatorId: 'creator', occurredAt: 'time', contentId: 'source' },
    });
  });

  it.each([
    [
      ['id', 'type', 'creator'],
      {},
      'no column is known for viewerId, occurredAt; the columns are "id", "type", "creator"',
    ],
    [NAMES, { viewerId: 'fan' }, 'there is no column "fan"'],
    [[...NAMES, 'ts'], { occurredAt: 'ts' }, 'the column "ts" is there twice'],
    [[...NAMES, 'Event-ID'], {}, '"event_id" and "Event-ID" can both be id: say which one is'],
    [NAMES, { id: '' }, 'no column is known for id'],
  ])('refuses %j with %j', (names, given, message) => {
    expect(() => matchColumns(names, given)).toThrow(message);
  });
});

it('reads given columns', () => {
  expect(readColumns('id=event id,source=,type=a=b')).toEqual({
    ok: true,
    value: { id: 'event id', source: '', type: 'a=b' },
  });
  expect(readColumns('ident=a')).toMatchObject({ ok: false });
  expect(readColumns('id')).toMatchObject({ ok: false });
  expect(readColumns('id=a,id=b')).toMatchObject({ ok: false, issues: [{ path: 'id', message: 'is given twice' }] });
});

it('names the column of whatever is refused about a field', () => {
  const good = {
    id: 'e',
    type: 'like',
    viewerId: 'v',
    creatorId: 'c',
    contentId: 'k',
    occurredAt: '2026-10-03T14:00:00Z',
  };
  const { columns } = matchColumns(NAMES);
  const refused = [
    { ...good, id: 'a'.repeat(129) },
    { ...good, type: 'love' },
    { ...good, viewerId: undefined },
    { ...good, creatorId: '\u0000' },
    { ...good, contentId: undefined },
    { ...good, type: 'follow' },
    { ...good, occurredAt: '2026-10-03 14:00' },
    { ...good, occurredAt: '2099-10-03T14:00:00Z' },
  ].map((event) => parseEvent(event, Date.UTC(2027, 0)));
  const found = refused.map((event) => (event.ok ? undefined : [event.code, columnOfRefusal(event.message, columns)]));
  expect(found).toEqual([
    ['too-long', 'event_id'],
    ['unknown-type', 'kind'],
    ['missing-field', 'User ID'],
    ['control-character', 'creator_id'],
    ['missing-content-id', 'video_id'],
    ['unexpected-content-id', 'video_id'],
    ['bad-time', 'ts'],
    ['future', 'ts'],
  ]);
  expect(REFUSAL_CODES).toHaveLength(13);
});
