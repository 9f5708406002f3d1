import type { EngagementEvent } from '@rewardbook/domain/event';
import { isGiving } from '@rewardbook/domain/event';

/**
 * Events as the columns that one statement takes. `indexes` says where each stood in its request; what it means is the
 * caller's.
 */
export class EventColumns {
  readonly ids: string[] = [];
  readonly sources: string[] = [];
  readonly viewerIds: string[] = [];
  readonly creatorIds: string[] = [];
  readonly contentIds: string[] = [];
  readonly active: boolean[] = [];
  readonly occurredAt: number[] = [];
  readonly indexes: number[] = [];

  get size(): number {
    return this.ids.length;
  }

  add(event: EngagementEvent, index: number): void {
    this.ids.push(event.id);
    this.sources.push(event.source);
    this.viewerIds.push(event.viewerId);
    this.creatorIds.push(event.creatorId);
    this.contentIds.push(event.contentId);
    this.active.push(isGiving(event.type));
    this.occurredAt.push(event.occurredAt);
    this.indexes.push(index);
  }

  /** The event of a line; lines count from 0. */
  at(line: number): EngagementEvent {
    const contentId = this.contentIds[line];
    const active = this.active[line];
    const occurredAt = this.occurredAt[line];
    if (contentId === undefined || active === undefined || occurredAt === undefined) {
      throw new RangeError(`line ${line} of ${this.size}`);
    }
    const [gives, takes] = contentId === '' ? (['follow', 'unfollow'] as const) : (['like', 'unlike'] as const);
    return {
      id: this.ids[line] ?? '',
      source: this.sources[line] ?? '',
      type: active ? gives : takes,
      viewerId: this.viewerIds[line] ?? '',
      creatorId: this.creatorIds[line] ?? '',
      contentId,
      occurredAt,
    };
  }
}
