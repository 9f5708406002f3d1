import { type EngagementEvent, isGiving } from '@rewardbook/domain/events/event';
import { TextBytes } from './columns/text-bytes.ts';

/** An event as bytes and positions in them. */
export class EventBytes {
  readonly #text = new TextBytes();
  idFrom = 0;
  idEnd = 0;
  sourceFrom = 0;
  sourceEnd = 0;
  viewerFrom = 0;
  viewerEnd = 0;
  creatorFrom = 0;
  creatorEnd = 0;
  contentFrom = 0;
  contentEnd = 0;
  active = false;
  occurredAt = 0;

  get bytes(): Uint8Array {
    return this.#text.bytes;
  }

  /** The same bytes. */
  get view(): DataView {
    return this.#text.view;
  }

  /** How many bytes are written. */
  get size(): number {
    return this.#text.end;
  }

  clear(): void {
    this.#text.clear();
  }

  /** Writes an event over all that were written. */
  set(event: EngagementEvent): void {
    this.#text.clear();
    this.append(event);
  }

  /** Writes an event behind the last one. The bytes may move to a larger place. */
  append({ id, source, type, viewerId, creatorId, contentId, occurredAt }: EngagementEvent): void {
    const text = this.#text;
    this.idFrom = text.write(id);
    this.idEnd = text.end;
    this.sourceFrom = text.write(source);
    this.sourceEnd = text.end;
    this.viewerFrom = text.write(viewerId);
    this.viewerEnd = text.end;
    this.creatorFrom = text.write(creatorId);
    this.creatorEnd = text.end;
    this.contentFrom = text.write(contentId);
    this.contentEnd = text.end;
    this.active = isGiving(type);
    this.occurredAt = occurredAt;
  }
}
