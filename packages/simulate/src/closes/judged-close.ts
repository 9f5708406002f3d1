import type { SeenEvent } from '@rewardbook/domain/events/risk';
import type { Policy } from '@rewardbook/domain/policy/policy';
import type { EventRow } from '../events/event-row.ts';
import type { CreatorsBook } from './creators-book.ts';

export interface JudgedClose {
  /** Number of the close, from 1. */
  readonly close: number;
  readonly policy: Policy;
  readonly creators: CreatorsBook;
}

/** A row in its place in the program. */
export interface SeenRow extends SeenEvent {
  readonly event: EventRow;
}
