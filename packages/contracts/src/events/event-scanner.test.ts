import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseEvent } from './event.ts';
import { readEventLine } from './event-line.ts';
import { EventScanner, idHashOf } from './event-scanner.ts';

const LATEST = Date.UTC(2026, 9, 4);
const event = {
  id: '01J1',
  source: 'app',
  type: 'like',
  viewerId: 'v1',
  creatorId: 'c1',
  contentId: 'k9',
  occurredAt: '2026-10-03T14:00:00.123Z',
};

const scanner = new EventScanner();

function scan(text: string, lead = '', tail = '') {
  const block = Buffer.from(`${lead}${text}${tail}`);
  const from = Buffer.byteLength(lead);
  return scanner.scan(block, from, from + Buffer.byteLength(text), LATEST) ? scanner.event(block) : undefined;
}

describe('EventScanner', () => {
  it.each([
    JSON.stringify(event),
    JSON.stringify(event).replaceAll(':"', ': "').replaceAll(',"', ', "'), // as Python writes it
    JSON.stringify({ ...event, source: undefined }),
    JSON.stringify({ ...event, type: 'unfollow', contentId: undefined }),
    JSON.stringify({ ...event, occurredAt: '2026-10-03T14:00:00+07:00' }),
  ])('reads what clients usually write: %s', (line) => {
    expect({ ok: true, event: scan(line) }).toEqual(parseEvent(JSON.parse(line), LATEST));
  });

  it('reads nothing that JSON.parse and parseEvent do not, and nothing otherwise', () => {
    const text = fc.oneof(
      fc.constantFrom(
        '',
        'a',
        'k9',
        ' ',
        '{',
        '}',
        ':',
        ',',
        '"',
        '\\',
        'é',
        '\u0000',
        '\u007f',
        'x'.repeat(128),
        'x'.repeat(129),
      ),
      fc.string({ maxLength: 5 }),
    );
    const type = fc.constantFrom('like', 'unlike', 'follow', 'unfollow', 'Like', 'likes', 'unlink', '');
    const time = fc.oneof(
      fc
        .date({ noInvalidDate: true, min: new Date('0000-01-01T00:00:00Z'), max: new Date('2026-12-31') })
        .map((date) => date.toISOString()),
      fc.constantFrom(
        '2026-10-03T14:00:00Z',
        '2026-02-30T14:00:00.000Z',
        '2026-10-03T24:00:00.000Z',
        '2026-10-03T14:60:00.000Z',
      ),
      fc.constantFrom(
        '2026-10-03T14:00:60.000Z',
        '2026-10-03T14:00:00.00:Z',
        '2026-10-03T14:0/:00.000Z',
        '2026-10-03T14:00:00.-1Z',
      ),
      fc.constantFrom(
        '2026-10-03T14:00:00.123z',
        '2026-10-03T14:00:00.123456Z',
        '2026-10-03t14:00:00.123Z',
        '20261003T140000.1234567Z',
      ),
    );
    const value = (of: fc.Arbitrary<string>) =>
      fc.oneof(
        { weight: 9, arbitrary: of.map((t) => JSON.stringify(t)) },
        fc.constantFrom('1', 'null', '"a', 'a"', '{}'),
      );
    const field = fc.oneof(
      fc.tuple(fc.constantFrom('id', 'source', 'viewerId', 'creatorId', 'contentId'), value(text)),
      fc.tuple(fc.constant('type'), value(type)),
      fc.tuple(fc.constant('occurredAt'), value(time)),
      fc.tuple(fc.constantFrom('extra', 'ident', 'contentID', 'c', ''), value(text)),
    );
    const usual = Object.entries(event).map(([key, text]) => [key, JSON.stringify(text)] as const);
    const space = fc.oneof({ weight: 9, arbitrary: fc.constantFrom('', ' ') }, fc.constantFrom('  ', '\t'));
    const around = fc.oneof({ weight: 19, arbitrary: fc.constant('') }, fc.constantFrom(' ', '\r'));
    const line = fc
      .tuple(
        fc.oneof(fc.constant(usual), fc.shuffledSubarray(usual, { minLength: 5 })),
        fc.array(field, { maxLength: 3 }),
        fc.boolean(),
        space,
        space,
        around,
        around,
      )
      .map(([some, others, overwrites, afterColon, afterComma, before, after]) => {
        const named = new Set<string>(others.map(([key]) => key));
        const fields = [...some.filter(([key]) => !overwrites || !named.has(key)), ...others];
        const body = fields.map(([key, text]) => `"${key}":${afterColon}${text}`).join(`,${afterComma}`);
        return `${before}{${body}}${after}`;
      });
    const damaged = fc
      .tuple(line, fc.nat(200), fc.nat(3))
      .map(([text, at, n]) => text.slice(0, at) + text.slice(at + n));
    let scanned = 0;
    fc.assert(
      fc.property(
        fc.oneof({ weight: 3, arbitrary: line }, damaged),
        fc.constantFrom('', '{}\n', 'é\n'), // what surrounds a line in its block
        fc.constantFrom('', '\n{"id":"z"}'),
        (text, lead, tail) => {
          const event = scan(text, lead, tail);
          if (event === undefined) {
            return;
          }
          scanned += 1;
          expect({ ok: true, event }).toEqual(readEventLine(Buffer.from(text), LATEST));
          expect(scanner.idHash).toBe(idHashOf(event.id));
        },
      ),
      { numRuns: 20_000 },
    );
    expect(scanned).toBeGreaterThan(1_000); // else the property says little
  });
});

describe('readEventLine', () => {
  it('tells what is wrong with a line', () => {
    const codeOf = (line: Uint8Array) => {
      const read = readEventLine(line, LATEST);
      return read.ok ? read.ok : read.code;
    };
    expect(codeOf(Buffer.from(JSON.stringify({ ...event, id: 'é' })))).toBe(true);
    expect(codeOf(Buffer.from(JSON.stringify(event).replace('"id"', '"id":"a","\\u0069d"')))).toBe('duplicate-key');
    expect(codeOf(Buffer.from('{"id"'))).toBe('bad-json');
    expect(codeOf(Buffer.from([0x22, 0xff, 0x22]))).toBe('bad-utf8');
    expect(codeOf(Buffer.from('[]'))).toBe('not-an-object');
  });
});
