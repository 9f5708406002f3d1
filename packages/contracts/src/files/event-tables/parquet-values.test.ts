import type { SchemaElement } from 'hyparquet';
import { expect, it } from 'vitest';
import { columnText } from './parquet-values.ts';

const element = (about: Partial<SchemaElement>): SchemaElement => ({
  name: 'a',
  repetition_type: 'OPTIONAL',
  ...about,
});
const timestamp = (unit: 'MILLIS' | 'MICROS' | 'NANOS', isAdjustedToUTC = true): SchemaElement =>
  element({ type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC, unit } });

it.each([
  ['a bigint', element({ type: 'INT64' }), 9007199254740993n, '9007199254740993'],
  ['a whole number', element({ type: 'INT32' }), -7, '-7'],
  ['one without a sign', element({ type: 'INT64', converted_type: 'UINT_64' }), -1n, '18446744073709551615'],
  ['a shorter one', element({ type: 'INT32', converted_type: 'UINT_32' }), -1, '4294967295'],
  [
    'a DECIMAL(38, 0)',
    element({ type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, converted_type: 'DECIMAL', precision: 38, scale: 0 }),
    new Uint8Array([0x01, ...Array.from({ length: 14 }, () => 0), 0x01]),
    '1329227995784915872903807060280344577',
  ],
  [
    'a DECIMAL below zero',
    element({ type: 'FIXED_LEN_BYTE_ARRAY', type_length: 2, converted_type: 'DECIMAL', precision: 4 }),
    new Uint8Array([0xff, 0xfe]),
    '-2',
  ],
  [
    'a UUID',
    element({ type: 'FIXED_LEN_BYTE_ARRAY', type_length: 16, logical_type: { type: 'UUID' } }),
    Uint8Array.from({ length: 16 }, (_, index) => index),
    '00010203-0405-0607-0809-0a0b0c0d0e0f',
  ],
  ['text', element({ type: 'BYTE_ARRAY', converted_type: 'UTF8' }), '007', '007'],
  ['nothing', element({ type: 'INT64' }), null, undefined],
])('an id may be %s', (_, given, value, text) => {
  expect(columnText(given, 'id', false).textOf(value)).toBe(text);
});

it.each([
  ['milliseconds', timestamp('MILLIS'), 1_790_000_000_123n, '2026-09-21T14:13:20.123Z'],
  ['microseconds', timestamp('MICROS'), 1_790_000_000_123_999n, '2026-09-21T14:13:20.123Z'],
  ['nanoseconds', timestamp('NANOS'), 1_790_000_000_123_999_999n, '2026-09-21T14:13:20.123Z'],
  ['the same before 1970', timestamp('MICROS'), -1n, '1969-12-31T23:59:59.999Z'],
  ['the old form', element({ type: 'INT64', converted_type: 'TIMESTAMP_MICROS' }), 1_000n, '1970-01-01T00:00:00.001Z'],
  ['INT96', element({ type: 'INT96' }), 1_500_000n, '1970-01-01T00:00:00.001Z'],
  ['text', element({ type: 'BYTE_ARRAY', logical_type: { type: 'STRING' } }), '2026', '2026'],
])('a time may be %s', (_, given, value, text) => {
  expect(columnText(given, 'occurredAt', false).textOf(value)).toBe(text);
});

it('a time without a zone is in UTC only where that is said', () => {
  const local = timestamp('MICROS', false);
  expect(() => columnText(local, 'occurredAt', false)).toThrow('the column "a" is a TIMESTAMP without a time zone');
  expect(columnText(local, 'occurredAt', true).textOf(0n)).toBe('1970-01-01T00:00:00.000Z');
});

it.each([
  ['id', element({ type: 'DOUBLE' }), 'is DOUBLE; an id is text or a whole number'],
  ['id', element({ type: 'INT32', converted_type: 'DECIMAL', precision: 9, scale: 2 }), 'is DECIMAL with 2 decimals'],
  ['id', element({ type: 'BYTE_ARRAY', converted_type: 'JSON' }), 'is JSON'],
  ['id', timestamp('MILLIS'), 'is TIMESTAMP; an id is text or a whole number'],
  ['type', element({ type: 'INT32' }), 'is INT32; a type is text'],
  ['occurredAt', element({ type: 'INT64' }), 'is INT64; a time is a TIMESTAMP'],
  ['occurredAt', element({ type: 'INT32', converted_type: 'DATE' }), 'is DATE; a time is'],
  ['viewerId', element({ num_children: 1 }), 'is a list or a group'],
] as const)('a column cannot be %s that is %j', (field, given, message) => {
  expect(() => columnText(given, field, true)).toThrow(message);
});
