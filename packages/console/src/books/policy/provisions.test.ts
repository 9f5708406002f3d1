import { describe, expect, it } from 'vitest';
import { compareProvisions, provisionsOf } from './provisions.ts';

describe('provisions of a policy', () => {
  it('are what its file says, each at its place', () => {
    const policy = {
      revenueShare: '0.05',
      weights: { like: '1', follow: '5' },
      boosts: [{ name: 'rising', when: { minGrowth: '0.2' }, multiplier: '1.5' }],
      risk: {},
      approvals: ['payouts', 'adjustments'],
    };
    expect(provisionsOf(policy).map(({ path, text }) => [path, text])).toEqual([
      ['revenueShare', '0.05'],
      ['weights.like', '1'],
      ['weights.follow', '5'],
      ['boosts[0].name', 'rising'],
      ['boosts[0].when.minGrowth', '0.2'],
      ['boosts[0].multiplier', '1.5'],
      ['risk', 'none'],
      ['approvals', 'adjustments, payouts'],
    ]);
  });

  it('are compared whole, also where a list is too long to be shown', () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `v${index}`);
    const [change] = compareProvisions({ blocked: ids }, { blocked: [...ids.slice(0, -1), 'other'] });
    expect(change).toMatchObject({ path: 'blocked', isChanged: true });
    expect(change?.before).toMatch(/^1000, among them v0, v1, /);
  });

  it('say what only one of two policies has', () => {
    const changes = compareProvisions({ a: '1', risk: {} }, { a: '1', risk: { maxLikesPerPair: 60 } });
    expect(changes).toEqual([
      { path: 'a', before: '1', after: '1', isChanged: false },
      { path: 'risk', before: 'none', after: null, isChanged: true },
      { path: 'risk.maxLikesPerPair', before: null, after: '60', isChanged: true },
    ]);
  });

  it('are not found in what is no policy', () => {
    expect(provisionsOf(null)).toEqual([]);
    expect(provisionsOf('text')).toEqual([]);
  });
});
