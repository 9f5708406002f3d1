import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson, readJsonLine, readLenientJson, readUnpoisonedJson } from './json-text.ts';

const codeOf = (bytes: Buffer | string) => {
  const read = readJson(Buffer.from(bytes), 'the body');
  return read.ok ? 'ok' : read.code;
};

describe('readJson', () => {
  it.each([
    ['{"amount":"1.00","amount":"2.00"}', 'amount'],
    ['{"a":1,"b":{"c":[{"d":1 ,\n"d" : 2}]}}', 'd'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"\\\\":1,"b":2,"\\u005c":3}', '\\'],
    ['{"":1,"":2}', ''],
    ['{"a":{},"b":[],"a":{}}', 'a'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ])('refuses a key that appears twice: %s', (text, key) => {
    const message = `"${key}" appears twice in one object`;
    expect(readJson(Buffer.from(text), 'the body')).toEqual({ ok: false, code: 'duplicate-key', message });
  });

  it.each([
    '{"a":{"a":1},"b":[{"a":1},{"a":2}]}',
    '["a","a"]',
    '"a\\":"',
    '{"a":"b\\\\","b":"a"}',
    '{"a":"\\"a\\":1"}',
  ])('takes one that appears in two objects, or as a value: %s', (text) =>
    expect(readJson(Buffer.from(text), 'the body')).toMatchObject({ ok: true, value: JSON.parse(text) }),
  );

  it('takes whatever JSON.stringify makes, and refuses it with one more of a key', () => {
    fc.assert(
      fc.property(
        fc.jsonValue({ maxDepth: 2 }),
        fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 1 }), { minKeys: 1 }),
        (value, object) => {
          expect(codeOf(JSON.stringify(value))).toBe('ok');
          const text = JSON.stringify([value, object]);
          const [key = ''] = Object.keys(object);
          const twice = `[${JSON.stringify(value)},${JSON.stringify(object).slice(0, -1)},${JSON.stringify(key)}:0}]`;
          expect([codeOf(text), codeOf(twice)]).toEqual(['ok', 'duplicate-key']);
          const read = readLenientJson(Buffer.from(twice), 'the body');
          expect(read.ok && [...read.duplicates]).toEqual([[1, key]]);
        },
      ),
    );
  });

  it('takes one byte order mark at the start of a body, and none of a line', () => {
    expect([codeOf('\ufeff{}'), codeOf('\ufeff\ufeff{}'), codeOf(' \ufeff{}'), codeOf('{}\ufeff')]).toEqual([
      'ok',
      'bad-json',
      'bad-json',
      'bad-json',
    ]);
    expect(readJsonLine(Buffer.from('\ufeff{}'))).toMatchObject({ code: 'bad-json' });
  });

  it('refuses what is not UTF-8, with the line', () => {
    const latin1 = Buffer.from('[\n{"creatorId":"José"}]', 'latin1');
    expect(readJson(latin1, 'the body')).toMatchObject({
      code: 'bad-utf8',
      message: 'the body is not UTF-8 on line 2; save it as UTF-8',
    });
    expect(codeOf(Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]))).toBe('bad-utf8'); // half of a surrogate pair
  });

  it('takes deeply nested values', () => {
    const depth = 200_000;
    expect(codeOf('{"a":'.repeat(depth) + 1 + '}'.repeat(depth))).toBe('ok');
    expect(codeOf('['.repeat(depth) + ']'.repeat(depth))).toBe('ok');
  });
});

describe('readUnpoisonedJson', () => {
  const codeFor = (text: string) => {
    const read = readUnpoisonedJson(Buffer.from(text), 'the body');
    return read.ok ? 'ok' : read.code;
  };

  it.each([
    '{"__proto__":1}',
    '[[{"a":{"__proto__":{"b":1}}}]]',
    '{"\\u005f_proto__":{}}',
    '{"a":{"constructor":{"prototype":{"b":1}}}}',
    '{"constr\\u0075ctor":{"prototype":null}}',
  ])('refuses %s, at any depth and however it is written', (text) => expect(codeFor(text)).toBe('bad-json'));

  it.each([
    '["__proto__","constructor","prototype"]',
    '{"constructor":"a builder","prototype":1}',
    '{"constructor":{"name":"a"}}',
    '{"constructor":null}',
    '{"name":"\\u005f_proto__"}',
  ])('takes %s, which reaches no prototype', (text) => expect(codeFor(text)).toBe('ok'));
});
