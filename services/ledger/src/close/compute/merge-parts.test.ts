import { sortUtf8 } from '@rewardbook/domain/values/utf8-order';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Folded } from '../sql/fold.ts';
import { mergeParts } from './merge-parts.ts';

const partArbitrary = fc
  .dictionary(fc.constantFrom('a', 'b', 'c\u{1f600}', 'c\uffee', 'd'), fc.integer({ min: -5, max: 5 }))
  .map((counts): Folded => {
    const creatorIds = sortUtf8(Object.keys(counts));
    const column = creatorIds.map((creatorId) => counts[creatorId] ?? 0);
    const excluded = column.map((events) => ({ rule: 'tooLate' as const, events, likes: 1, follows: 0 }));
    return { creatorIds, netLikes: column, netFollows: column, followers: column, excluded: excluded.slice(0, 1) };
  });

it('adds up creators and rules over the parts, in byte order', () => {
  fc.assert(
    fc.property(fc.array(partArbitrary, { minLength: 1, maxLength: 3 }), (parts) => {
      const merged = mergeParts(parts);
      const all = parts.flatMap((part) => part.creatorIds.map((creatorId, index) => ({ creatorId, part, index })));
      const creatorIds = sortUtf8([...new Set(all.map(({ creatorId }) => creatorId))]);
      expect(merged.creatorIds).toEqual(creatorIds);
      for (const column of ['netLikes', 'netFollows', 'followers'] as const) {
        const sums = creatorIds.map((wanted) =>
          all.reduce(
            (sum, { creatorId, part, index }) => sum + (creatorId === wanted ? (part[column][index] ?? 0) : 0),
            0,
          ),
        );
        expect(merged[column]).toEqual(sums);
      }
      const events = parts.flatMap(({ excluded }) => excluded).reduce((sum, { events: count }) => sum + count, 0);
      expect(merged.excluded.reduce((sum, { events: count }) => sum + count, 0)).toBe(events);
    }),
  );
});
