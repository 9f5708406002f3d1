import { type EngagementEvent, isGiving } from './event.ts';

/** The engagement of a viewer with a creator's content, or with the creator if contentId is `''` (a follow). */
export interface Engagement {
  readonly viewerId: string;
  readonly creatorId: string;
  readonly contentId: string;
  /** The register: of the events that entered it the one that came last by `(occurredAt, id, source)`. */
  winner: EngagementEvent | undefined;
  status: EngagementStatus;
  /** Number of the last close that gained it, from 1; 0 while none has. */
  gainedAt: number;
  /** Number of the close that lost what was gained then; 0 while none has. */
  lostAt: number;
}

/**
 * `none` has not earned yet; `baseline` was there before the program and neither earns nor costs; `gained` has earned;
 * `lost` has earned, was taken back, and has no further effect; `suspended` has earned and was lost by a block alone:
 * once it is active again, it earns as if it had not before.
 */
export type EngagementStatus = 'none' | 'baseline' | 'gained' | 'lost' | 'suspended';

/**
 * Whether the register's winner gives. A close may still treat it as inactive: blocked lists do not touch the register.
 */
export function isActive({ winner }: Engagement): boolean {
  return winner !== undefined && isGiving(winner.type);
}

/** What a close makes of an engagement. `lost-void` is lost without a cost: what it gained was void. */
export type Settlement = 'gained' | 'lost' | 'lost-void' | undefined;

export interface SettleContext {
  /** Number of the close, from 1. */
  readonly close: number;
  /** Whether the close's policy blocks the viewer or the creator. */
  readonly isBlocked: (engagement: Pick<Engagement, 'viewerId' | 'creatorId'>) => boolean;
  /** Whether what a creator gained at an earlier close was void. */
  readonly wasVoid: (creatorId: string, close: number) => boolean;
}

/**
 * Gains or loses an engagement at a close, after its register has all events of that close. Each happens once, except
 * when a block ends.
 */
export function settle(engagement: Engagement, { close, isBlocked, wasVoid }: SettleContext): Settlement {
  const isGiven = isActive(engagement);
  const active = isGiven && !isBlocked(engagement);
  if ((engagement.status === 'none' || engagement.status === 'suspended') && active) {
    engagement.status = 'gained';
    engagement.gainedAt = close;
    engagement.lostAt = 0;
    return 'gained';
  }
  if (engagement.status === 'gained' && !active) {
    engagement.status = isGiven ? 'suspended' : 'lost';
    engagement.lostAt = close;
    return wasVoid(engagement.creatorId, engagement.gainedAt) ? 'lost-void' : 'lost';
  }
  return undefined;
}
