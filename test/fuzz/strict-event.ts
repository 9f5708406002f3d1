// The contract of events a second time, plain and slow, from its description alone: it shares no code with what it checks.

const KEYS = ['id', 'source', 'type', 'viewerId', 'creatorId', 'contentId', 'occurredAt'];
const MAX_CODE_POINTS = 128;
const MAX_LINE_BYTES = 16_384;
const MAX_AHEAD_MS = 300_000;

/** Whether a line of NDJSON is an event that must be accepted. */
export function isEvent(line: string, now: number): boolean {
  if (Buffer.byteLength(line) > MAX_LINE_BYTES) {
    return false;
  }
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return false; // that JSON.parse throws only means that the line is not JSON
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return false;
  }
  const fields = new Map<string, unknown>(Object.entries(value));
  if ([...fields.keys()].some((key) => !KEYS.includes(key))) {
    return false;
  }
  const type = fields.get('type');
  const hasContent = type === 'like' || type === 'unlike';
  if (!hasContent && type !== 'follow' && type !== 'unfollow') {
    return false;
  }
  if (fields.has('contentId') !== hasContent) {
    return false;
  }
  const needed = [
    'id',
    'viewerId',
    'creatorId',
    ...(hasContent ? ['contentId'] : []),
    ...(fields.has('source') ? ['source'] : []),
  ];
  return needed.every((key) => isIdentifier(fields.get(key))) && isTime(fields.get('occurredAt'), now);
}

function isIdentifier(value: unknown): boolean {
  if (typeof value !== 'string') {
    return false;
  }
  const codes = Array.from(value, (character) => character.codePointAt(0) ?? 0);
  const isControl = (code: number): boolean => code < 0x20 || (code >= 0x7f && code < 0xa0);
  const isSurrogate = (code: number): boolean => code >= 0xd800 && code < 0xe000;
  return (
    codes.length >= 1 && codes.length <= MAX_CODE_POINTS && !codes.some((code) => isControl(code) || isSurrogate(code))
  );
}

/** RFC 3339 with an offset, on a day that exists, in the years 0 to 9999, without leap seconds. */
function isTime(value: unknown, now: number): boolean {
  if (typeof value !== 'string') {
    return false;
  }
  const parts =
    /^([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]+)?(Z|[+-]([0-9]{2}):([0-9]{2}))$/i.exec(value);
  if (parts === null) {
    return false;
  }
  const [, date = '', time = '', fraction = '', zone = 'Z', hours = '0', minutes = '0'] = parts;
  const local = `${date}T${time}`;
  const milliseconds = Date.parse(`${local}Z`);
  // A day or hour that does not exist comes out as another one, or as NaN.
  if (Number.isNaN(milliseconds) || !new Date(milliseconds).toISOString().startsWith(local)) {
    return false;
  }
  if (Number(hours) > 23 || Number(minutes) > 59) {
    return false;
  }
  const sign = zone.startsWith('-') ? 1 : -1;
  const offset = sign * (Number(hours) * 60 + Number(minutes)) * 60_000;
  const instant = milliseconds + Number(`${fraction.slice(1)}000`.slice(0, 3)) + (zone.length === 1 ? 0 : offset);
  const isInYears = instant >= Date.parse('0000-01-01T00:00:00Z') && instant <= Date.parse('9999-12-31T23:59:59.999Z');
  return isInYears && instant <= now + MAX_AHEAD_MS;
}
