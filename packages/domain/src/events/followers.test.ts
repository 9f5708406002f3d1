import { describe, expect, it } from 'vitest';
import type { CreatorFacts } from '../policy/creator.ts';
import type { EngagementEvent } from './event.ts';
import { countFollows, followersOf } from './followers.ts';
import { fold, newEngagement } from './test-engagements.ts';
import { event } from './test-events.ts';

function followers(events: EngagementEvent[], creator?: Partial<CreatorFacts>, blocked?: string): number {
  const facts = creator && { creatorId: 'c', country: null, joinedOn: null, followers: 0, viewerIds: [], ...creator };
  const engagements = events.map((one) => {
    const engagement = newEngagement(one);
    fold(engagement, one);
    return engagement;
  });
  const registered = () => facts;
  const isBlocked = (viewerId: string) => viewerId === blocked;
  const follows = countFollows({ engagements, registered, isBlocked, timeZone: 'Asia/Jakarta' });
  return followersOf([follows], registered)('c');
}

// 1 October 2026 begins in Jakarta at 17:00 UTC of the day before.
const before = event('follow', 'v1', 'c', '2026-09-30T16:59:59.999Z');
const onJoining = event('follow', 'v2', 'c', '2026-09-30T17:00:00Z');
const after = event('follow', 'v3', 'c', '2026-12-01T00:00:00Z');
const all = [before, onJoining, after];

describe('followers at a close', () => {
  it('are those on joining and active follows with occurredAt on or after joinedOn', () => {
    expect(followers(all, { joinedOn: '2026-10-01', followers: 100 })).toBe(102);
  });

  it('all follows, without a joinedOn', () => {
    expect(followers(all, { followers: 100 })).toBe(103);
    expect(followers(all)).toBe(3);
  });

  it('not likes, not unfollows, not those of others', () => {
    const others = [event('like', 'v', 'c', 1), event('unfollow', 'v', 'c', 2), event('follow', 'v', 'd', 3)];
    expect(followers(others)).toBe(0);
  });

  it('not those whose viewer the policy blocks', () => {
    expect(followers(all, undefined, 'v2')).toBe(2);
  });
});
