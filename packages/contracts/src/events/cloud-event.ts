import { z } from 'zod';
import { displayIdentifier, identifierSchema } from '../values/identifier.ts';
import { type ParsedEvent, parseEvent, type RefusalCode } from './event.ts';

/** Media type of one CloudEvent, structured mode. */
export const CLOUD_EVENT = 'application/cloudevents+json';
/** Media type of a JSON array of CloudEvents. */
export const CLOUD_EVENTS_BATCH = 'application/cloudevents-batch+json';

const TYPE_PREFIX = 'rewardbook.';
const JSON_CONTENT = /^application\/(json|[\w.+-]+\+json)\s*(;|$)/i;
// CloudEvents 1.0.2, "Naming conventions": attribute names are lower-case ASCII letters and digits.
const ATTRIBUTE = /^[a-z0-9]+$/;

/**
 * The CloudEvents 1.0 form of an event (structured JSON; a batch is an array of these). `id` and `source` are the
 * event's own, `time` is its `occurredAt`, `type` is the event's type after `rewardbook.`. Extension attributes are
 * allowed, as the standard asks, and not kept.
 */
export const cloudEventSchema = z
  .looseObject({
    specversion: z.literal('1.0'),
    id: identifierSchema,
    source: identifierSchema,
    type: z.enum(['rewardbook.like', 'rewardbook.unlike', 'rewardbook.follow', 'rewardbook.unfollow']),
    time: z.string().meta({ format: 'date-time' }),
    datacontenttype: z.string().optional(),
    data: z.strictObject({
      viewerId: identifierSchema,
      creatorId: identifierSchema,
      contentId: identifierSchema.optional().describe('Required for like and unlike, refused for follow and unfollow'),
    }),
  })
  .meta({ id: 'EngagementCloudEvent', description: 'An engagement event as a CloudEvent 1.0' });

/**
 * Checks one CloudEvent, as JSON.parse gave it, and turns it into the event that is stored.
 *
 * @param latestMs as for `parseEvent`
 */
export function parseCloudEvent(value: unknown, latestMs?: number): ParsedEvent {
  if (!isRecord(value)) {
    return refuse('not-an-object', 'a CloudEvent is a JSON object', undefined);
  }
  const { id, source, specversion, type, time, datacontenttype, data } = value;
  for (const name in value) {
    if (!ATTRIBUTE.test(name) && name !== 'data_base64') {
      return refuse('unknown-key', `"${displayIdentifier(name)}" cannot be the name of a CloudEvents attribute`, id);
    }
  }
  if (specversion !== '1.0') {
    return refuse(specversion === undefined ? 'missing-field' : 'wrong-type', 'specversion must be "1.0"', id);
  }
  if (source === undefined) {
    return refuse('missing-field', 'source is missing', id);
  }
  if (typeof type !== 'string') {
    return refuse(type === undefined ? 'missing-field' : 'wrong-type', 'type must be a string', id);
  }
  if (!type.startsWith(TYPE_PREFIX)) {
    return refuse(
      'unknown-type',
      `type is "${displayIdentifier(type)}"; it is rewardbook.like, .unlike, .follow or .unfollow`,
      id,
    );
  }
  if (time === undefined) {
    return refuse('missing-field', 'time is missing; it is when the viewer acted', id);
  }
  if (value.data_base64 !== undefined) {
    return refuse('unknown-key', 'data_base64 is not supported; put a JSON object in data', id);
  }
  if (datacontenttype !== undefined && (typeof datacontenttype !== 'string' || !JSON_CONTENT.test(datacontenttype))) {
    return refuse('wrong-type', 'datacontenttype must be application/json, or be left out', id);
  }
  if (!isRecord(data)) {
    return refuse(data === undefined ? 'missing-field' : 'wrong-type', 'data must be a JSON object', id);
  }
  for (const name in data) {
    if (name !== 'viewerId' && name !== 'creatorId' && name !== 'contentId') {
      return refuse('unknown-key', `"${displayIdentifier(name)}" is not a field of an event's data`, id);
    }
  }
  const { viewerId, creatorId, contentId } = data;
  const event = { id, source, type: type.slice(TYPE_PREFIX.length), viewerId, creatorId, contentId, occurredAt: time };
  return parseEvent(event, latestMs);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(code: RefusalCode, message: string, id: unknown): ParsedEvent {
  return typeof id === 'string'
    ? { ok: false, code, message, id: displayIdentifier(id) }
    : { ok: false, code, message };
}
