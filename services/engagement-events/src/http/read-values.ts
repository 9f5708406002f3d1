import { parseCloudEvent } from '@rewardbook/contracts/events/cloud-event';
import { parseEvent } from '@rewardbook/contracts/events/event';
import { readLenientJson } from '@rewardbook/contracts/values/json-text';
import { AppError } from '@rewardbook/runtime/http/errors';
import type { BodyValues } from '../ingest/ingest-values.ts';
import type { BodyKind } from './media-type.ts';

interface ReadValues extends BodyValues {
  /** The body is one event, not an array. */
  readonly isOne: boolean;
}

/** What the headers say of a CloudEvent in binary mode. */
export interface BinaryMode {
  readonly attributes: Readonly<Record<string, string>>;
  readonly contentType: string | undefined;
}

/** The events of a body that was read whole. @throws AppError `bad-utf8`, `bad-json` or `bad-request` */
export function readValues(bytes: Buffer, kind: BodyKind, binary: BinaryMode | undefined): ReadValues {
  if (bytes.length === 0) {
    throw new AppError('bad-json', 'The body is empty; send an event or an array of events');
  }
  const read = readLenientJson(bytes, 'the body');
  if (!read.ok) {
    throw new AppError(read.code, read.message);
  }
  const { value: body, duplicates } = read;
  if (binary !== undefined) {
    const event = { ...binary.attributes, datacontenttype: binary.contentType, data: body };
    const [twice] = duplicates.values();
    return {
      values: [event],
      duplicates: twice === undefined ? duplicates : new Map([[0, twice]]),
      parse: parseCloudEvent,
      isOne: true,
    };
  }
  const isOne = !Array.isArray(body);
  if (kind === 'cloud-events' && isOne) {
    throw new AppError('bad-request', 'A CloudEvents batch is a JSON array');
  }
  if (kind === 'cloud-event' && !isOne) {
    const batch = 'send a batch as application/cloudevents-batch+json';
    throw new AppError('bad-request', `A CloudEvent is a JSON object; ${batch}`);
  }
  return { values: isOne ? [body] : body, duplicates, parse: kind === 'json' ? parseEvent : parseCloudEvent, isOne };
}
