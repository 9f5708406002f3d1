import type { EngagementEvent } from '@rewardbook/domain/events/event';
import { event } from '@rewardbook/domain/events/test-events';
import { type Policy, policyHash } from '@rewardbook/domain/policy/policy';
import { testPolicy } from '../../../../test/support/test-policy.ts';

/** A policy in yen that gives all revenue, with its hash, for tests. */
export function simulated(changes: Partial<Policy> = {}): { policy: Policy; policyHash: string } {
  const policy = testPolicy({ currency: 'JPY', timeZone: 'Asia/Tokyo', revenueShare: '1', ...changes });
  return { policy, policyHash: policyHash(policy) };
}

/** As many likes in October 2026 for each creator, by viewers `v1`, `v2`, …; for tests. */
export function likes(counts: Readonly<Record<string, number>>, month = '10'): EngagementEvent[] {
  return Object.entries(counts).flatMap(([creatorId, count]) =>
    Array.from({ length: count }, (_, index) =>
      event('like', `v${index + 1}`, creatorId, `2026-${month}-10T00:00:00Z`, { contentId: `${creatorId}-${month}` }),
    ),
  );
}
