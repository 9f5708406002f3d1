// 2026-10-03 14:00:00.123+00, as Postgres and others write it.
const WRITTEN = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d(?:\.\d+)?) ?(Z|UTC|[+-]\d\d(?::?\d\d)?)?$/i;

/**
 * A time in a table as RFC 3339, where it is written in one of the forms of databases: with a space for the T, a short offset (`+07`,
 * `+0700`) or `UTC`. Others, and those without an offset, stay unchanged, and are refused as times.
 *
 * @param assumeUtc those without an offset are in UTC
 */
export function writtenTime(text: string, assumeUtc: boolean): string {
  if (text.charCodeAt(10) === 84 && text.endsWith('Z')) {
    return text;
  }
  const [, date, time, written] = WRITTEN.exec(text) ?? [];
  const offset = written ?? (assumeUtc ? 'Z' : undefined);
  return date === undefined || offset === undefined ? text : `${date}T${time}${fullOffset(offset)}`;
}

function fullOffset(offset: string): string {
  if (/^(z|utc)$/i.test(offset)) {
    return 'Z';
  }
  const digits = offset.slice(1).replace(':', '').padEnd(4, '0');
  return `${offset.charAt(0)}${digits.slice(0, 2)}:${digits.slice(2)}`;
}
