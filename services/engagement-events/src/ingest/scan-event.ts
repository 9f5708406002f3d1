import { DEFAULT_SOURCE } from '@rewardbook/contracts/event';
import { MAX_IDENTIFIER_CODE_POINTS } from '@rewardbook/contracts/identifier';
import type { EngagementEvent, EventType } from '@rewardbook/domain/event';
import { parseInstant } from '@rewardbook/domain/instant';

const QUOTE = 34;
const COMMA = 44;
const ZERO = 48;
const BRACE_OPEN = 123;
const BRACE_CLOSE = 125;
const SPACE = 32;

/** Printable ASCII without backslash: in such a text a quote ends a string, and no identifier has a fault but its length. */
const NOT_PLAIN = /[^\x20-\x5b\x5d-\x7e\n]/;

/** Whether `scanEvent` can read the lines of a text. */
export function isPlain(text: string): boolean {
  return !NOT_PLAIN.test(text);
}

let day = ''; // events come with few different dates in a row
let dayMs = 0;

/**
 * Reads an event as most clients write it: a flat object of strings, printable ASCII, without escapes. It takes a third of the
 * time of JSON.parse and parseEvent, which read all else, and agrees with them on whatever it reads.
 *
 * @param text plain, as `isPlain` says
 * @param from where the line begins in it
 * @param end where it ends
 * @returns undefined where the others have to look: not well-formed, not a valid event, or just written otherwise
 */
export function scanEvent(text: string, from: number, end: number, latestMs: number): EngagementEvent | undefined {
  let id = '';
  let source = '';
  let viewerId = '';
  let creatorId = '';
  let contentId = '';
  let type: EventType | undefined;
  let occurredAt: number | undefined;

  if (text.charCodeAt(from) !== BRACE_OPEN) return undefined;
  let at = from + 1;
  for (;;) {
    const key = at;
    // Every key has another first letter but two, and `startsWith` checks the rest of it.
    switch (text.charCodeAt(at + 1)) {
      case 105: // i
        at = valueAt(text, at, '"id":');
        break;
      case 115: // s
        at = valueAt(text, at, '"source":');
        break;
      case 116: // t
        at = valueAt(text, at, '"type":');
        break;
      case 118: // v
        at = valueAt(text, at, '"viewerId":');
        break;
      case 99: // c
        at = valueAt(text, at, text.charCodeAt(at + 2) === 114 ? '"creatorId":' : '"contentId":');
        break;
      case 111: // o
        at = valueAt(text, at, '"occurredAt":');
        break;
      default:
        return undefined;
    }
    if (at < 0) return undefined;
    const close = text.indexOf('"', at);
    if (close <= at || close >= end || close - at > MAX_IDENTIFIER_CODE_POINTS) return undefined;
    // A key that comes twice is left to JSON.parse.
    switch (text.charCodeAt(key + 1)) {
      case 105:
        if (id !== '') return undefined;
        id = text.slice(at, close);
        break;
      case 115:
        if (source !== '') return undefined;
        source = text.slice(at, close);
        break;
      case 116:
        if (type !== undefined) return undefined;
        type = typeAt(text, at, close);
        if (type === undefined) return undefined;
        break;
      case 118:
        if (viewerId !== '') return undefined;
        viewerId = text.slice(at, close);
        break;
      case 99:
        if (text.charCodeAt(key + 2) === 114) {
          if (creatorId !== '') return undefined;
          creatorId = text.slice(at, close);
        } else {
          if (contentId !== '') return undefined;
          contentId = text.slice(at, close);
        }
        break;
      default:
        if (occurredAt !== undefined) return undefined;
        occurredAt = instantAt(text, at, close);
        if (occurredAt === undefined) return undefined;
    }
    const next = text.charCodeAt(close + 1);
    if (next === BRACE_CLOSE) {
      if (close + 2 !== end) return undefined;
      break;
    }
    if (next !== COMMA) return undefined;
    at = text.charCodeAt(close + 2) === SPACE ? close + 3 : close + 2;
  }

  if (id === '' || viewerId === '' || creatorId === '' || type === undefined || occurredAt === undefined)
    return undefined;
  const isLike = type === 'like' || type === 'unlike';
  if (isLike !== (contentId !== '') || occurredAt > latestMs) return undefined;
  return { id, source: source === '' ? DEFAULT_SOURCE : source, type, viewerId, creatorId, contentId, occurredAt };
}

/** Where the string begins that `key` names, or −1. */
function valueAt(text: string, at: number, key: string): number {
  if (!text.startsWith(key, at)) return -1;
  const quote = at + key.length;
  if (text.charCodeAt(quote) === QUOTE) return quote + 1;
  return text.charCodeAt(quote) === SPACE && text.charCodeAt(quote + 1) === QUOTE ? quote + 2 : -1;
}

function typeAt(text: string, at: number, close: number): EventType | undefined {
  switch (close - at) {
    case 4:
      return text.startsWith('like', at) ? 'like' : undefined;
    case 6:
      if (text.startsWith('follow', at)) return 'follow';
      return text.startsWith('unlike', at) ? 'unlike' : undefined;
    case 8:
      return text.startsWith('unfollow', at) ? 'unfollow' : undefined;
    default:
      return undefined;
  }
}

/** `2026-10-03T14:00:00.123Z` by its digits; other forms by parseInstant. */
function instantAt(text: string, at: number, close: number): number | undefined {
  const usual =
    close - at === 24 &&
    text.charCodeAt(at + 10) === 84 && // T
    text.charCodeAt(at + 13) === 58 && // :
    text.charCodeAt(at + 16) === 58 &&
    text.charCodeAt(at + 19) === 46 && // .
    text.charCodeAt(at + 23) === 90; // Z
  if (!usual) return parseInstant(text.slice(at, close));
  if (day === '' || !text.startsWith(day, at)) {
    const date = text.slice(at, at + 10);
    const start = parseInstant(`${date}T00:00:00Z`);
    if (start === undefined) return undefined;
    day = date;
    dayMs = start;
  }
  const hour = twoDigits(text, at + 11);
  const minute = twoDigits(text, at + 14);
  const second = twoDigits(text, at + 17);
  const hundredths = twoDigits(text, at + 20);
  const thousandths = digit(text, at + 22);
  // A sum of something negative and numbers up to 99 may be positive: each is looked at.
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return undefined;
  if (hundredths < 0 || thousandths < 0) return undefined;
  return dayMs + ((hour * 60 + minute) * 60 + second) * 1000 + hundredths * 10 + thousandths;
}

function twoDigits(text: string, at: number): number {
  const tens = digit(text, at);
  const ones = digit(text, at + 1);
  return tens < 0 || ones < 0 ? -1 : tens * 10 + ones;
}

function digit(text: string, at: number): number {
  const value = text.charCodeAt(at) - ZERO;
  return value >= 0 && value <= 9 ? value : -1;
}
