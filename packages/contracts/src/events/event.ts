import { DEFAULT_SOURCE, type EngagementEvent } from '@rewardbook/domain/events/event';
import { parseInstant } from '@rewardbook/domain/values/instant';
import { z } from 'zod';
import { describeIdentifierFault, displayIdentifier, identifierFault, identifierSchema } from '../values/identifier.ts';

/** An event may be at most this far ahead of the server's clock, in milliseconds. */
export const MAX_AHEAD_MS = 5 * 60 * 1000;

const occurredAtSchema = z
  .string()
  .refine((text) => parseInstant(text) !== undefined, { error: 'not an RFC 3339 date and time with an offset' })
  .meta({ format: 'date-time', examples: ['2026-10-03T14:00:00.123+07:00'] });

const common = {
  id: identifierSchema,
  source: identifierSchema.optional().describe(`Who gives the ids; "${DEFAULT_SOURCE}" if left out`),
  viewerId: identifierSchema,
  creatorId: identifierSchema,
  occurredAt: occurredAtSchema,
};

/** The engagement event as sent: what `parseEvent` accepts (a property test checks that the two agree). */
export const eventSchema = z
  .discriminatedUnion('type', [
    z.strictObject({ ...common, type: z.enum(['like', 'unlike']), contentId: identifierSchema }),
    z.strictObject({ ...common, type: z.enum(['follow', 'unfollow']) }),
  ])
  .meta({ id: 'EngagementEvent', description: 'A like, unlike, follow or unfollow, as a viewer gave it' });

export const REFUSAL_CODES = [
  'not-an-object',
  'unknown-key',
  'missing-field',
  'missing-content-id',
  'unexpected-content-id',
  'wrong-type',
  'unknown-type',
  'empty',
  'too-long',
  'control-character',
  'lone-surrogate',
  'bad-time',
  'future',
] as const;

export type RefusalCode = (typeof REFUSAL_CODES)[number];

export interface Refusal {
  readonly ok: false;
  readonly code: RefusalCode;
  readonly message: string;
  /** The event's id where it has one, cut and cleaned so that it can be shown and stored. */
  readonly id?: string;
}

export type ParsedEvent = { readonly ok: true; readonly event: EngagementEvent } | Refusal;

/**
 * Checks one event, as JSON.parse gave it, and puts it in the form that is stored. Written by hand because it runs for
 * every event ever sent; it accepts exactly what `eventSchema` does.
 *
 * @param value any JSON value
 * @param latestMs latest `occurredAt` allowed, epoch milliseconds (the clock + MAX_AHEAD_MS); without it nothing is refused as `future`
 */
export function parseEvent(value: unknown, latestMs?: number): ParsedEvent {
  if (!isRecord(value)) {
    return refusal('not-an-object', `an event is a JSON object, this is ${describe(value)}`, undefined);
  }
  const { id, source, type, viewerId, creatorId, contentId, occurredAt } = value;

  // Keys are counted first: a well-formed event is known by the count, and only others pay for a search.
  let expected = 5;
  if (source !== undefined) {
    expected += 1;
  }
  if (contentId !== undefined) {
    expected += 1;
  }
  let keys = 0;
  for (const _ in value) {
    keys += 1;
  }
  if (keys !== expected) {
    const fault = keyFault(value);
    if (fault !== undefined) {
      return refusal(fault.code, fault.message, id);
    }
  }

  const isLike = type === 'like' || type === 'unlike';
  if (!isLike && type !== 'follow' && type !== 'unfollow') {
    if (typeof type !== 'string') {
      return missingOrWrong('type', type, id);
    }
    return refusal('unknown-type', `type is "${displayIdentifier(type)}"; it is like, unlike, follow or unfollow`, id);
  }
  if (typeof id !== 'string' || identifierFault(id) !== undefined) {
    return badIdentifier('id', id, id);
  }
  if (typeof viewerId !== 'string' || identifierFault(viewerId) !== undefined) {
    return badIdentifier('viewerId', viewerId, id);
  }
  if (typeof creatorId !== 'string' || identifierFault(creatorId) !== undefined) {
    return badIdentifier('creatorId', creatorId, id);
  }
  if (source !== undefined && (typeof source !== 'string' || identifierFault(source) !== undefined)) {
    return badIdentifier('source', source, id);
  }
  if (isLike) {
    if (contentId === undefined) {
      return refusal('missing-content-id', `contentId is missing; a ${type} needs one`, id);
    }
    if (typeof contentId !== 'string' || identifierFault(contentId) !== undefined) {
      return badIdentifier('contentId', contentId, id);
    }
  } else if (contentId !== undefined) {
    return refusal('unexpected-content-id', `contentId is given; a ${type} has none`, id);
  }
  if (typeof occurredAt !== 'string') {
    return missingOrWrong('occurredAt', occurredAt, id);
  }
  const instant = parseInstant(occurredAt);
  if (instant === undefined) {
    return refusal(
      'bad-time',
      `occurredAt is "${displayIdentifier(occurredAt)}"; give an RFC 3339 date and time with an offset, as 2026-10-03T14:00:00Z`,
      id,
    );
  }
  if (latestMs !== undefined && instant > latestMs) {
    return refusal(
      'future',
      `occurredAt is more than ${MAX_AHEAD_MS / 60_000} minutes ahead of the server's clock`,
      id,
    );
  }
  return {
    ok: true,
    event: {
      id,
      source: source === undefined ? DEFAULT_SOURCE : source,
      type,
      viewerId,
      creatorId,
      contentId: contentId === undefined ? '' : contentId,
      occurredAt: instant,
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const KEYS = new Set(['id', 'source', 'type', 'viewerId', 'creatorId', 'contentId', 'occurredAt']);

function keyFault(value: Record<string, unknown>): { code: RefusalCode; message: string } | undefined {
  for (const key in value) {
    if (!KEYS.has(key)) {
      return { code: 'unknown-key', message: `"${displayIdentifier(key)}" is not a field of an event` };
    }
  }
  return undefined;
}

function badIdentifier(name: string, value: unknown, id: unknown): Refusal {
  if (typeof value !== 'string') {
    return missingOrWrong(name, value, id);
  }
  const fault = identifierFault(value) ?? 'empty';
  return refusal(fault, describeIdentifierFault(fault, name), id);
}

function missingOrWrong(name: string, value: unknown, id: unknown): Refusal {
  if (value === undefined) {
    return refusal('missing-field', `${name} is missing`, id);
  }
  return refusal('wrong-type', `${name} is ${describe(value)}; give a string`, id);
}

function refusal(code: RefusalCode, message: string, id: unknown): Refusal {
  return typeof id === 'string'
    ? { ok: false, code, message, id: displayIdentifier(id) }
    : { ok: false, code, message };
}

function describe(value: unknown): string {
  if (value === null) {
    return 'null';
  }
  if (Array.isArray(value)) {
    return 'an array';
  }
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}
