import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lockstep, lockstepWindows, windowOf } from './lockstep.ts';

const POLICY = { viewers: 3, targets: 2, windowSeconds: 60, maxWindowViewers: 200 };

function groups(windows: readonly string[], changes: Partial<typeof POLICY> = {}) {
  const finding = lockstep({ ...POLICY, ...changes });
  for (const window of windows) {
    finding.addWindow([...window]);
  }
  return finding.groups().map(({ viewers, ...rest }) => ({ viewers: viewers.join(''), ...rest }));
}

describe('lockstep', () => {
  it('links viewers with enough matches, and lists linked groups that are large enough', () => {
    expect(groups(['abc', 'abc', 'xy', 'xy'])).toEqual([{ viewers: 'abc', links: 3, matches: 6 }]);
    expect(groups(['abc', 'abc', 'xy', 'xy'], { viewers: 2 })).toEqual([
      { viewers: 'abc', links: 3, matches: 6 },
      { viewers: 'xy', links: 1, matches: 2 },
    ]);
    expect(groups(['abc', 'abd'])).toEqual([]); // only a and b match twice
  });

  it('follows links from viewer to viewer', () => {
    expect(groups(['ab', 'ab', 'bc', 'bc'])).toEqual([{ viewers: 'abc', links: 2, matches: 4 }]);
  });

  it('skips windows of more viewers than it may', () => {
    expect(groups(['abc', 'abc'], { maxWindowViewers: 2 })).toEqual([]);
    expect(groups(['abc', 'abc'], { maxWindowViewers: 3 })).toHaveLength(1);
  });

  it('windows are counted from the Unix epoch, before it too', () => {
    expect([0, 59_999, 60_000, -1].map((instant) => windowOf(POLICY, instant))).toEqual([0, 0, 1, -1]);
  });

  it('a target is a content of a creator, or the creator; a viewer is once in a window', () => {
    const windows = lockstepWindows(POLICY);
    const add = (viewerId: string, creatorId: string, contentId: string, occurredAt: number) =>
      windows.add({ id: 'e', source: 's', type: 'like', viewerId, creatorId, contentId, occurredAt });
    add('v', 'c', 'k', 0);
    add('v', 'c', 'k', 59_999);
    add('w', 'c', 'k', 1);
    add('w', 'c', 'k', 60_000);
    add('w', 'd', 'k', 1);
    add('w', 'c', '', 1);
    expect([...windows.windows()]).toEqual([['v', 'w'], ['w'], ['w'], ['w']]);
  });

  it('is what comparing every two viewers gives, whatever the order', () => {
    const window = fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd', 'e', 'f\u{1f600}', 'f\uffee'), {
      minLength: 1,
    });
    fc.assert(
      fc.property(fc.array(window, { maxLength: 12 }), fc.integer({ min: 1, max: 3 }), (windows, targets) => {
        const find = (list: readonly (readonly string[])[]) => {
          const finding = lockstep({ viewers: 2, targets, maxWindowViewers: 4 });
          for (const viewers of list) {
            finding.addWindow(viewers);
          }
          return finding.groups();
        };
        const found = find(windows);
        expect(find([...windows].reverse().map((viewers) => [...viewers].reverse()))).toEqual(found);
        const viewers = [...new Set(windows.flat())];
        const matches = (a: string, b: string) =>
          windows.filter((one) => one.length <= 4 && one.includes(a) && one.includes(b)).length;
        const linked = viewers.flatMap((a, index) =>
          viewers.slice(index + 1).flatMap((b) => (matches(a, b) >= targets ? [matches(a, b)] : [])),
        );
        expect(found.reduce((sum, group) => sum + group.links, 0)).toBe(linked.length);
        expect(found.reduce((sum, group) => sum + group.matches, 0)).toBe(linked.reduce((sum, one) => sum + one, 0));
        for (const a of viewers) {
          for (const b of viewers) {
            if (a !== b && matches(a, b) >= targets) {
              expect(found.some((group) => group.viewers.includes(a) && group.viewers.includes(b))).toBe(true);
            }
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});
