import { NotUtf8Error, utf8Text, withoutMark } from './utf8.ts';

export const JSON_FAULTS = ['bad-utf8', 'bad-json', 'duplicate-key'] as const;

/** Why bytes are not accepted as JSON. */
export interface JsonFault {
  readonly ok: false;
  readonly code: (typeof JSON_FAULTS)[number];
  readonly message: string;
}

export interface ReadJson {
  readonly ok: true;
  readonly value: unknown;
}

/** A value that may have duplicate keys: the first in each element of an array, by index; by 0 if it is not an array. */
export interface LenientJson extends ReadJson {
  readonly text: string;
  readonly duplicates: ReadonlyMap<number, string>;
}

const MAX_SHOWN = 200;

/**
 * Reads a whole file or body as JSON: UTF-8 without faults, after a byte order mark if there is one at the start, no key twice in
 * an object (of two JSON.parse takes the last one, other readers the first).
 *
 * @param subject what it is, for messages: `the body`
 */
export function readJson(bytes: Uint8Array, subject: string): ReadJson | JsonFault {
  return refusingDuplicates(readLenientJson(bytes, subject));
}

/** What a key that poisons a prototype is written with: its name, or an escape that may spell it. */
const SUSPICIOUS = ['__proto__', 'constructor', '\\u'];

/**
 * The same for what goes on to code that may copy it: an object with a key that reaches the prototype of all objects, once it is copied
 * key by key, is refused as `bad-json`.
 */
export function readUnpoisonedJson(bytes: Uint8Array, subject: string): ReadJson | JsonFault {
  const read = readLenientJson(bytes, subject);
  const found = refusingDuplicates(read);
  const isSuspicious = read.ok && SUSPICIOUS.some((part) => read.text.includes(part));
  if (!found.ok || !isSuspicious || !someInside(found.value, isPoisoned)) {
    return found;
  }
  const message = `${subject} has a key "__proto__", or "constructor" with "prototype" in it; nothing here has such keys`;
  return { ok: false, code: 'bad-json', message };
}

function isPoisoned(inside: object): boolean {
  if (Array.isArray(inside)) {
    return false;
  }
  if (Object.hasOwn(inside, '__proto__')) {
    return true;
  }
  const own: unknown = Object.hasOwn(inside, 'constructor') ? inside.constructor : undefined;
  return typeof own === 'object' && own !== null && Object.hasOwn(own, 'prototype');
}

/** Whether an object or array of a JSON value, itself or nested, passes the test. Looks no further once one does. */
export function someInside(value: unknown, test: (inside: object) => boolean): boolean {
  const left = [value];
  while (left.length > 0) {
    const next = left.pop();
    if (typeof next !== 'object' || next === null) {
      continue;
    }
    if (test(next)) {
      return true;
    }
    const inside: unknown[] = Array.isArray(next) ? next : Object.values(next);
    for (const each of inside) {
      if (typeof each === 'object' && each !== null) {
        left.push(each);
      }
    }
  }
  return false;
}

/** The same, for callers that refuse elements with duplicate keys one by one. */
export function readLenientJson(bytes: Uint8Array, subject: string): LenientJson | JsonFault {
  return read(withoutMark(bytes), subject, (error) => `: ${error.message.slice(0, MAX_SHOWN)}`);
}

/** The same for one line, whose byte order mark was removed before. */
export function readJsonLine(line: Uint8Array): ReadJson | JsonFault {
  return refusingDuplicates(read(line, 'the line', () => ''));
}

function read(bytes: Uint8Array, subject: string, detail: (error: SyntaxError) => string): LenientJson | JsonFault {
  try {
    const text = utf8Text(bytes);
    const value: unknown = JSON.parse(text);
    return { ok: true, text, value, duplicates: duplicateKeys(text) };
  } catch (error) {
    if (error instanceof NotUtf8Error) {
      const place = error.line === 1 ? '' : ` on line ${error.line}`;
      return { ok: false, code: 'bad-utf8', message: `${subject} is not UTF-8${place}; save it as UTF-8` };
    }
    if (error instanceof SyntaxError) {
      return { ok: false, code: 'bad-json', message: `${subject} is not JSON${detail(error)}` };
    }
    throw error;
  }
}

function refusingDuplicates(found: LenientJson | JsonFault): ReadJson | JsonFault {
  if (found.ok) {
    for (const key of found.duplicates.values()) {
      return duplicateKey(key);
    }
  }
  return found;
}

export function duplicateKey(key: string): JsonFault {
  return { ok: false, code: 'duplicate-key', message: `"${key.slice(0, MAX_SHOWN)}" appears twice in one object` };
}

/** The keys of an object so far: nearly all in deeply nested texts have one, and a set for each would fill the memory. */
type Keys = string | Set<string> | undefined;

const ARRAY = Symbol('array');

/** @param text JSON without faults: only what tells objects and keys apart is looked at */
function duplicateKeys(text: string): Map<number, string> {
  const found = new Map<number, string>();
  const open: (Keys | typeof ARRAY)[] = [];
  let element = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text[at]) {
      case '{':
        open.push(undefined);
        break;
      case '[':
        open.push(ARRAY);
        break;
      case '}':
      case ']':
        open.pop();
        break;
      case ',':
        if (open.length === 1 && open[0] === ARRAY) {
          element += 1;
        }
        break;
      case '"': {
        const end = stringEnd(text, at + 1);
        const keys = open.at(-1);
        if (open.length > 0 && keys !== ARRAY && isBeforeColon(text, end + 1)) {
          const raw = text.slice(at + 1, end);
          const key = raw.includes('\\') ? String(JSON.parse(`"${raw}"`)) : raw;
          const isTwice = keys instanceof Set ? keys.has(key) : keys === key;
          if (isTwice && !found.has(element)) {
            found.set(element, key);
          }
          open[open.length - 1] = withKey(keys, key);
        }
        at = end;
      }
    }
  }
  return found;
}

function withKey(keys: Keys, key: string): Keys {
  if (keys === undefined) {
    return key;
  }
  return (keys instanceof Set ? keys : new Set([keys])).add(key);
}

/** Where the string's closing quote is. */
function stringEnd(text: string, from: number): number {
  for (let end = text.indexOf('"', from); ; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === '\\') {
      backslashes += 1;
    }
    if (backslashes % 2 === 0) {
      return end;
    }
  }
}

function isBeforeColon(text: string, from: number): boolean {
  let at = from;
  while (text[at] === ' ' || text[at] === '\n' || text[at] === '\t' || text[at] === '\r') {
    at += 1;
  }
  return text[at] === ':';
}
