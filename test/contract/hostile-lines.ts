/** A line of NDJSON and what is to become of it: `ok`, `blank`, or the code that it is refused with. */
export interface HostileLine {
  readonly bytes: Buffer;
  readonly code: string;
}

const MAX_LINE = 16_384;

const event = (id: string, more: object = {}) =>
  JSON.stringify({
    id,
    type: 'follow',
    viewerId: `v${id}`,
    creatorId: 'c1',
    occurredAt: '2026-10-05T10:00:00Z',
    ...more,
  });
const padded = (id: string, bytes: number) => event(id).replace('}', `${' '.repeat(bytes - event(id).length)}}`);
const latin1 = (text: string) => Buffer.from(text, 'latin1');

const LINES: readonly (readonly [code: string, line: string | Buffer])[] = [
  ['ok', `\ufeff${event('mark')}`],
  ['ok', event('plain')],
  ['ok', `\ufeff${event('second mark')}`], // as files that were put together have it
  ['ok', `${event('cr')}\r`],
  ['ok', ` \t${event('spaces')}\t `],
  ['ok', event('\ufeffid')],
  ['ok', event('é 😀')],
  ['ok', event('escaped').replace('escaped', '\\u00e9\\ud83d\\ude00')],
  ['ok', event('proto').replace('"type"', '"\\u0074ype"')],
  ['ok', padded('long', MAX_LINE)],
  ['ok', `\ufeff${padded('long with a mark', MAX_LINE)}\r`],
  ['blank', ''],
  ['blank', ' \t \r'],
  ['blank', '\ufeff'],
  ['line-too-long', padded('too long', MAX_LINE + 1)],
  ['line-too-long', ' '.repeat(MAX_LINE + 5)],
  ['line-too-long', '['.repeat(3 * MAX_LINE)],
  ['bad-json', `\ufeff\ufeff${event('two marks')}`],
  ['bad-json', ` \ufeff${event('mark after a space')}`],
  ['bad-json', `${event('mark at the end')}\ufeff`],
  ['bad-json', '\u00a0'],
  ['bad-json', `${event('a')}${event('b')}`],
  ['bad-json', event('cut').slice(0, -1)],
  ['bad-json', `${event('comma').slice(0, -1)},}`],
  ['bad-json', event('quotes').replaceAll('"', "'")],
  ['bad-json', event('nan').replace('"follow"', 'NaN')],
  ['bad-json', '\0'],
  ['bad-utf8', latin1(event('José'))],
  [
    'bad-utf8',
    Buffer.concat([Buffer.from(event('half').slice(0, -1)), Buffer.from([0xed, 0xa0, 0x80]), Buffer.from('}')]),
  ],
  ['bad-utf8', Buffer.from([0xff, 0xfe, 0x7b, 0x00])],
  ['duplicate-key', event('twice').replace('{', '{"id":"other",')],
  ['duplicate-key', event('twice too').replace('{', '{"\\u0069d":"other",')],
  ['duplicate-key', event('twice within').replace('"c1"', '{"a":1,"a":2}')],
  ['not-an-object', '[]'],
  ['not-an-object', 'null'],
  ['not-an-object', `[${event('in an array')}]`],
  ['unknown-key', event('extra', { extra: 1 })],
  ['unknown-key', event('proto').replace('{', '{"__proto__":{},')],
  ['missing-field', '{}'],
  ['unknown-type', event('type', { type: 'love' })],
  ['wrong-type', event('number', { viewerId: 1 })],
  ['missing-content-id', event('content', { type: 'like' })],
  ['unexpected-content-id', event('content', { contentId: 'k' })],
  ['empty', event('')],
  ['too-long', event('x'.repeat(129))],
  ['control-character', event('\u0085')],
  ['lone-surrogate', event('surrogate').replace('surrogate', '\\ud800')],
  ['bad-time', event('time', { occurredAt: '2026-02-30T10:00:00Z' })],
];

export const HOSTILE_LINES: readonly HostileLine[] = LINES.map(([code, line]) => ({
  code,
  bytes: typeof line === 'string' ? Buffer.from(line) : line,
}));

/** The lines as a file; the last has no end. */
export function fileOf(lines: readonly HostileLine[]): Buffer {
  return Buffer.concat(lines.flatMap(({ bytes }, index) => (index === 0 ? [bytes] : [Buffer.from('\n'), bytes])));
}
