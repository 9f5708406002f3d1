import type { SchemaElement } from 'hyparquet';
import type { EventField } from './event-columns.ts';
import { TableError } from './table-error.ts';

/** How the values of a column become text. */
export interface ColumnText {
  /** Whether its bytes are text in UTF-8. */
  readonly isUtf8: boolean;
  /** @param value as stored: a number, a bigint, text or bytes; null where nothing is given */
  textOf(value: unknown): string | undefined;
}

const NANOS_PER_MS = 1_000_000n;
const UNITS_PER_MS = { MILLIS: 1n, MICROS: 1_000n, NANOS: NANOS_PER_MS } as const;

/**
 * How a column gives a field. Values are taken as stored, not as a reader of Parquet makes numbers and dates of them: an id of
 * 64 bits or a DECIMAL has more digits than a number, and a time more than a Date.
 *
 * @throws TableError where its type cannot be that field
 */
export function columnText(element: SchemaElement, field: EventField, assumeUtc: boolean): ColumnText {
  const { type, name, logical_type: logical, converted_type: converted } = element;
  const refuse = (why: string): TableError => new TableError(`the column "${name}" ${why}`, { isAboutColumns: true });
  if (element.repetition_type === 'REPEATED' || type === undefined) {
    throw refuse('is a list or a group; give one that has a single value a row');
  }
  if (isText(element)) {
    return { isUtf8: true, textOf: (value) => (typeof value === 'string' ? value : undefined) };
  }
  const written = describeType(element);
  if (field === 'occurredAt') {
    return stored(instantText(element, refuse, assumeUtc));
  }
  if (field === 'type') {
    throw refuse(`is ${written}; a type is text: like, unlike, follow or unfollow`);
  }
  if (logical?.type === 'UUID') {
    return stored((value) => (value instanceof Uint8Array ? uuidText(value) : undefined));
  }
  if (converted === 'DECIMAL' || logical?.type === 'DECIMAL') {
    if ((element.scale ?? 0) !== 0 || type === 'BYTE_ARRAY') {
      throw refuse(`is ${written}; an id is text or a whole number`);
    }
    return stored(wholeText);
  }
  const isInteger = converted?.startsWith('INT_') || converted?.startsWith('UINT_') || logical?.type === 'INTEGER';
  if ((type === 'INT32' || type === 'INT64') && (isInteger || (converted === undefined && logical === undefined))) {
    const isUnsigned = converted?.startsWith('UINT_') || (logical?.type === 'INTEGER' && !logical.isSigned);
    const bits = type === 'INT32' ? 32 : 64;
    return stored(isUnsigned ? (value) => unsignedText(value, bits) : wholeText);
  }
  throw refuse(`is ${written}; an id is text or a whole number`);
}

function stored(textOf: (value: unknown) => string | undefined): ColumnText {
  return { isUtf8: false, textOf };
}

function isText({ type, logical_type: logical, converted_type: converted }: SchemaElement): boolean {
  const isPlain = logical === undefined && converted === undefined;
  const isNamed =
    converted === 'UTF8' || converted === 'ENUM' || logical?.type === 'STRING' || logical?.type === 'ENUM';
  return type === 'BYTE_ARRAY' && (isPlain || isNamed);
}

function describeType({ type, logical_type: logical, converted_type: converted, scale }: SchemaElement): string {
  const name = logical?.type ?? converted ?? type ?? 'nothing';
  return name === 'DECIMAL' ? `DECIMAL with ${scale ?? 0} decimals` : name;
}

function instantText(element: SchemaElement, refuse: (why: string) => TableError, assumeUtc: boolean) {
  const { type, logical_type: logical, converted_type: converted } = element;
  if (type === 'INT96') {
    return (value: unknown) => (typeof value === 'bigint' ? millisText(value, NANOS_PER_MS) : undefined);
  }
  const unit =
    logical?.type === 'TIMESTAMP'
      ? logical.unit
      : converted === 'TIMESTAMP_MILLIS'
        ? 'MILLIS'
        : converted === 'TIMESTAMP_MICROS'
          ? 'MICROS'
          : undefined;
  if (type !== 'INT64' || unit === undefined) {
    throw refuse(`is ${describeType(element)}; a time is a TIMESTAMP, INT96 or text as 2026-10-03T14:00:00Z`);
  }
  if (logical?.type === 'TIMESTAMP' && !logical.isAdjustedToUTC && !assumeUtc) {
    throw refuse('is a TIMESTAMP without a time zone; say that it is in UTC, or write it with one');
  }
  const perMs = UNITS_PER_MS[unit];
  return (value: unknown) => (typeof value === 'bigint' ? millisText(value, perMs) : undefined);
}

/** Further digits are cut off, as of text: also before 1970. */
function millisText(value: bigint, perMs: bigint): string {
  const cut = value / perMs;
  const ms = value < 0n && cut * perMs !== value ? cut - 1n : cut;
  const instant = new Date(Number(ms));
  return Number.isNaN(instant.getTime()) ? `${value}` : instant.toISOString();
}

function wholeText(value: unknown): string | undefined {
  if (value instanceof Uint8Array) {
    return value.length === 0 ? undefined : String(BigInt.asIntN(value.length * 8, bigEndian(value)));
  }
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : undefined;
}

function unsignedText(value: unknown, bits: number): string | undefined {
  return typeof value === 'number' || typeof value === 'bigint'
    ? String(BigInt.asUintN(bits, BigInt(value)))
    : undefined;
}

function bigEndian(bytes: Uint8Array): bigint {
  let value = 0n;
  for (const byte of bytes) {
    value = (value << 8n) | BigInt(byte);
  }
  return value;
}

function uuidText(bytes: Uint8Array): string {
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
