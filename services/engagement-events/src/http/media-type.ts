import { CLOUD_EVENT, CLOUD_EVENTS_BATCH } from '@rewardbook/contracts/events/cloud-event';

/** Kinds of body: `lines` is a stream, the others are read whole. */
export type BodyKind = 'json' | 'lines' | 'cloud-event' | 'cloud-events';

const KINDS: Readonly<Record<string, BodyKind>> = {
  'application/json': 'json',
  'application/x-ndjson': 'lines',
  'application/ndjson': 'lines',
  'application/jsonl': 'lines',
  [CLOUD_EVENT]: 'cloud-event',
  [CLOUD_EVENTS_BATCH]: 'cloud-events',
};

/** What `POST …/events` takes. */
export const MEDIA_TYPES = Object.keys(KINDS);

/** The kind of body that a Content-Type announces, or undefined. */
export function bodyKindOf(contentType: string | undefined): BodyKind | undefined {
  if (contentType === undefined) {
    return undefined;
  }
  return KINDS[contentType] ?? KINDS[contentType.split(';', 1)[0]?.trim().toLowerCase() ?? ''];
}
