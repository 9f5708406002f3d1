import type { EventScanner } from '@rewardbook/contracts/events/event-scanner';
import { type EngagementEvent, isGiving } from '@rewardbook/domain/events/event';
import { ByteColumn, SEPARATOR } from './byte-column.ts';

const COMMA = 44;
const FALSE = 102;
const TRUE = 116;

/** Columns of a batch as text: values with separators between them, numbers and booleans with commas. */
export interface ColumnTexts {
  readonly ids: string;
  readonly sources: string;
  readonly viewerIds: string;
  readonly creatorIds: string;
  readonly contentIds: string;
  readonly active: string;
  readonly occurredAt: string;
}

/** Events as the columns that one statement takes. */
export class InsertColumns {
  /** The position of each in its request. */
  readonly indexes: number[] = [];
  readonly #ids = new ByteColumn();
  readonly #sources = new ByteColumn();
  readonly #viewerIds = new ByteColumn();
  readonly #creatorIds = new ByteColumn();
  readonly #contentIds = new ByteColumn();
  readonly #active = new ByteColumn(COMMA);
  readonly #occurredAt = new ByteColumn(COMMA);

  get size(): number {
    return this.indexes.length;
  }

  add(event: EngagementEvent, index: number): void {
    this.#ids.write(event.id);
    this.#sources.write(event.source);
    this.#viewerIds.write(event.viewerId);
    this.#creatorIds.write(event.creatorId);
    this.#contentIds.write(event.contentId);
    this.#active.writeByte(isGiving(event.type) ? TRUE : FALSE);
    this.#occurredAt.writeInteger(event.occurredAt);
    this.indexes.push(index);
  }

  /** Adds the event that the scanner has just read from these bytes. */
  addScanned(bytes: Uint8Array, scanned: EventScanner, index: number): void {
    this.#ids.copy(bytes, scanned.idFrom, scanned.idEnd);
    if (scanned.sourceEnd === 0) {
      this.#sources.write(scanned.defaultSource);
    } else {
      this.#sources.copy(bytes, scanned.sourceFrom, scanned.sourceEnd);
    }
    this.#viewerIds.copy(bytes, scanned.viewerFrom, scanned.viewerEnd);
    this.#creatorIds.copy(bytes, scanned.creatorFrom, scanned.creatorEnd);
    this.#contentIds.copy(bytes, scanned.contentFrom, scanned.contentEnd);
    this.#active.writeByte(scanned.active ? TRUE : FALSE);
    this.#occurredAt.writeInteger(scanned.occurredAt);
    this.indexes.push(index);
  }

  texts(): ColumnTexts {
    return {
      ids: this.#ids.text(),
      sources: this.#sources.text(),
      viewerIds: this.#viewerIds.text(),
      creatorIds: this.#creatorIds.text(),
      contentIds: this.#contentIds.text(),
      active: this.#active.text(),
      occurredAt: this.#occurredAt.text(),
    };
  }

  /** The events of some lines; lines count from 0. */
  pick(lines: readonly number[]): EngagementEvent[] {
    if (lines.length === 0) {
      return [];
    }
    const texts = this.texts();
    const [ids, sources, viewerIds, creatorIds, contentIds] = [
      texts.ids.split(SEPARATOR),
      texts.sources.split(SEPARATOR),
      texts.viewerIds.split(SEPARATOR),
      texts.creatorIds.split(SEPARATOR),
      texts.contentIds.split(SEPARATOR),
    ];
    const active = texts.active.split(',');
    const occurredAt = texts.occurredAt.split(',');
    return lines.map((line) => {
      const contentId = contentIds[line];
      if (contentId === undefined) {
        throw new RangeError(`line ${line} of ${this.size}`);
      }
      const [gives, takes] = contentId === '' ? (['follow', 'unfollow'] as const) : (['like', 'unlike'] as const);
      return {
        id: ids[line] ?? '',
        source: sources[line] ?? '',
        type: active[line] === 't' ? gives : takes,
        viewerId: viewerIds[line] ?? '',
        creatorId: creatorIds[line] ?? '',
        contentId,
        occurredAt: Number(occurredAt[line]),
      };
    });
  }
}
