import { type EngagementEvent, isGiving } from '@rewardbook/domain/event';
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

  /** Writes an event over the last one. */
  set({ id, source, type, viewerId, creatorId, contentId, occurredAt }: EngagementEvent): void {
    const text = this.#text;
    text.clear();
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
