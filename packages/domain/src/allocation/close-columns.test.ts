import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sortUtf8 } from '../values/utf8-order.ts';
import { withCarriers } from './close-columns.ts';

const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c\u{1f600}', 'c\uffee', 'd', 'e')).map(sortUtf8);

it('lists everybody who gained, lost or carries once, in byte order', () => {
  fc.assert(
    fc.property(ids, ids, (creatorIds, carriers) => {
      const netLikes = creatorIds.map((_, index) => index + 1);
      const netFollows = creatorIds.map((_, index) => -index);
      const carried = new Map(carriers.map((creatorId, index) => [creatorId, `-${index + 1}`]));
      const expected = sortUtf8([...new Set([...creatorIds, ...carriers])]).map((creatorId) => {
        const place = creatorIds.indexOf(creatorId);
        return {
          creatorId,
          netLikes: netLikes[place] ?? 0,
          netFollows: netFollows[place] ?? 0,
          carriedIn: carried.get(creatorId),
        };
      });
      expect([...withCarriers({ creatorIds, netLikes, netFollows }, carried)]).toEqual(expected);
    }),
  );
});
