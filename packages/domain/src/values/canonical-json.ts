import { DomainError } from './error.ts';

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [key: string]: JsonValue | undefined };

const LONE_SURROGATE = /\p{Surrogate}/u;
// Strings that JSON.stringify copies unchanged: nearly every string that is hashed here.
const PLAIN = /^[ !#-[\]-~]*$/;

/**
 * The canonical text of a JSON value (RFC 8785): no blanks, keys sorted by UTF-16 units, numbers and strings as ECMAScript
 * writes them. Keys whose value is undefined are left out. Throws DomainError `not-canonical` for what JSON cannot hold
 * exactly: NaN, infinities, lone surrogates.
 */
export function canonicalJson(value: JsonValue): string {
  if (typeof value === 'string') {
    return canonicalString(value);
  }
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) {
      throw new DomainError('not-canonical', `JSON has no ${value}`);
    }
    return JSON.stringify(value);
  }
  if (value === null || typeof value === 'boolean') {
    return String(value);
  }
  if (isList(value)) {
    return `[${value.map(canonicalJson).join(',')}]`;
  }
  const members: string[] = [];
  // RFC 8785, 3.2.3: by UTF-16 units, which is what sort() does; the one place where strings are not compared as UTF-8.
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member !== undefined) {
      members.push(`${canonicalString(key)}:${canonicalJson(member)}`);
    }
  }
  return `{${members.join(',')}}`;
}

/** A string as RFC 8785 writes it. Throws DomainError `not-canonical` for a lone surrogate. */
export function canonicalString(text: string): string {
  if (PLAIN.test(text)) {
    return `"${text}"`;
  }
  if (LONE_SURROGATE.test(text)) {
    throw new DomainError('not-canonical', `${JSON.stringify(text)} has half of a surrogate pair`);
  }
  return JSON.stringify(text);
}

function isList(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
