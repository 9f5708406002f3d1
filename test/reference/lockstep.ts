import type { LockstepGroup } from '@rewardbook/domain/events/lockstep';
import type { LockstepPolicy } from '@rewardbook/domain/policy/policy';
import { inByteOrder } from './hash.ts';
import { gives } from './history.ts';
import type { Verdict } from './judging.ts';

/** Groups of viewers in lockstep among the likes and follows that a close judged. */
export function lockstepGroups(policy: LockstepPolicy, judged: readonly Verdict[], close: number): LockstepGroup[] {
  const targets = new Map<string, Set<string>>();
  for (const { event, judgedAt } of judged) {
    if (judgedAt !== close || !gives(event)) {
      continue;
    }
    const window = Math.floor(event.occurredAt / 1000 / policy.windowSeconds);
    const key = JSON.stringify([event.creatorId, event.contentId, window]);
    targets.set(key, (targets.get(key) ?? new Set()).add(event.viewerId));
  }
  const windows = [...targets.values()].filter((viewers) => viewers.size <= policy.maxWindowViewers);
  const viewers = inByteOrder([...new Set(windows.flatMap((window) => [...window]))], (viewerId) => viewerId);
  const links = viewers.flatMap((a, index) =>
    viewers.slice(index + 1).flatMap((b) => {
      const matches = windows.filter((window) => window.has(a) && window.has(b)).length;
      return matches >= policy.targets ? [{ a, b, matches }] : [];
    }),
  );
  const groups: LockstepGroup[] = [];
  const placed = new Set<string>();
  for (const viewer of viewers) {
    if (placed.has(viewer)) {
      continue;
    }
    const group = new Set([viewer]);
    for (let size = 0; size < group.size; ) {
      size = group.size;
      for (const { a, b } of links) {
        if (group.has(a) || group.has(b)) {
          group.add(a).add(b);
        }
      }
    }
    for (const member of group) {
      placed.add(member);
    }
    const own = links.filter(({ a }) => group.has(a));
    if (own.length === 0 || group.size < policy.viewers) {
      continue;
    }
    const matches = own.reduce((sum, link) => sum + link.matches, 0);
    groups.push({ viewers: inByteOrder([...group], (viewerId) => viewerId), links: own.length, matches });
  }
  return groups.sort((a, b) => b.viewers.length - a.viewers.length); // stable: equal sizes stay by their first viewer
}
