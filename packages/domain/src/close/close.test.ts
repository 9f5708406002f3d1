import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_CONDITIONS, testPolicy } from '../../../../test/support/test-policy.ts';
import type { CreatorCounts } from '../allocation/close-columns.ts';
import { closeEntry, closePostings } from '../books/close-entry.ts';
import { balanced } from '../books/posting.ts';
import type { CloseInput } from './close.ts';
import { testClose } from './test-close.ts';

const close = (creators: CreatorCounts[], changes: Partial<CloseInput> = {}) => testClose({ creators, ...changes });

const counts = (creatorId: string, netLikes: number, netFollows = 0, carriedIn?: string): CreatorCounts => {
  return { creatorId, netLikes, netFollows, carriedIn };
};

describe('points', () => {
  it('points = carriedIn + weights.like × netLikes + weights.follow × netFollows', () => {
    const policy = testPolicy({ weights: { like: '0.5', follow: '2.25' } });
    const { rows } = close([counts('a', 3, 2, '-1.125')], { policy });
    expect(rows[0]).toMatchObject({ points: '4.875', weight: '4875', carriedIn: '-1.125', carriedOut: '0' });
  });

  it('negative points earn nothing and are carried out, in full whatever the weights', () => {
    const policy = testPolicy({ weights: { like: '3', follow: '1' } });
    const { rows } = close([counts('a', -2, 0, '-0.5'), counts('b', 1)], { policy });
    expect(rows[0]).toMatchObject({ points: '0', weight: '0', amount: 0n, carriedOut: '-6.5', void: false });
  });

  it('carried points that meet no gain are carried on', () => {
    expect(close([counts('a', 0, 0, '-2')]).rows).toMatchObject([{ carriedIn: '-2', carriedOut: '-2' }]);
  });

  it('positive points that do not make up for what is carried in lower it', () => {
    expect(close([counts('a', 3, 0, '-5')]).rows).toMatchObject([{ points: '0', carriedOut: '-2', void: false }]);
  });

  it('points of a creator who is not eligible are void', () => {
    const policy = testPolicy({ eligibility: { ...NO_CONDITIONS, minPoints: '5' } });
    const { rows, pool } = close([counts('a', 4), counts('b', 5)], { policy });
    expect(rows).toMatchObject([
      { creatorId: 'a', points: '0', carriedOut: '0', amount: 0n, void: true },
      { creatorId: 'b', points: '5', amount: pool.pool, void: false },
    ]);
  });

  it('where the pool is zero positive points are used up and void', () => {
    const { rows } = close([counts('a', 4), counts('b', -4)], { revenueEntries: 0n });
    expect(rows).toMatchObject([
      { points: '4', weight: '4', amount: 0n, void: true },
      { points: '0', carriedOut: '-4', void: false },
    ]);
  });

  it('a part of zero from a pool that is not zero is not void', () => {
    const { rows } = close([counts('a', 1), counts('b', 1_000_000)], { revenueEntries: 10n });
    expect(rows[0]).toMatchObject({ amount: 0n, void: false });
  });
});

describe('allocation', () => {
  it('splits by largest remainder, ties to the smaller creatorId', () => {
    const { rows, pool } = close([counts('a', 1), counts('b', 1), counts('c', 1)], { revenueEntries: 100n });
    expect(rows.map((row) => row.amount)).toEqual([34n, 33n, 33n]);
    expect(pool).toMatchObject({ allocated: 100n, undistributed: 0n });
  });

  it('if all weights are zero, the whole pool is undistributed', () => {
    expect(close([counts('a', -1)]).pool).toMatchObject({ pool: 1000n, allocated: 0n, undistributed: 1000n });
    expect(close([]).pool).toMatchObject({ allocated: 0n, undistributed: 1000n });
  });

  it('no creator gets more than floor(pool × maxShare); what no one may receive is undistributed', () => {
    const policy = testPolicy({ revenueShare: '1', allocation: { method: 'pro-rata', maxShare: '0.333' } });
    const { rows, pool } = close([counts('a', 90), counts('b', 10)], { policy });
    expect(rows.map((row) => row.amount)).toEqual([333n, 333n]);
    expect(pool).toMatchObject({ allocated: 666n, undistributed: 334n });
  });

  it('creators with nothing at all are left out', () => {
    const { rows, creatorCount } = close([counts('a', 0), counts('b', 0, 0, '0'), counts('c', 1, -1)]);
    expect(rows.map((row) => row.creatorId)).toEqual(['c']);
    expect(creatorCount).toBe(1);
  });

  it('refuses creators that are not in byte order, each once', () => {
    for (const ids of [
      ['b', 'a'],
      ['a', 'a'],
      ['c\u{1f600}', 'c\uffee'],
    ]) {
      expect(() => close(ids.map((id) => counts(id, 1)))).toThrow(expect.objectContaining({ code: 'bad-close' }));
    }
  });

  it('asks for followers and registration only where a condition needs them', () => {
    const refuse = () => {
      throw new Error('asked');
    };
    expect(close([counts('a', 1)], { registered: refuse, followers: refuse }).rows[0]?.amount).toBe(1000n);
  });
});

describe('postings of a close', () => {
  const postings = (result: ReturnType<typeof close>, undistributed: 'rollover' | 'return' = 'rollover') =>
    [...closePostings('2026-10', { undistributed }, result)].map(({ account, amount }) => [account, amount]);

  it('expense → pool, rollover → pool, pool → creators by creatorId, pool → rollover', () => {
    const policy = testPolicy({ revenueShare: '0.5', allocation: { method: 'pro-rata', maxShare: '0.4' } });
    const result = close([counts('a', 1), counts('b', -1), counts('c:d', 1)], { policy, rolledOver: 100n });
    expect(postings(result)).toEqual([
      ['platform:rewards-expense', 500n],
      ['pool:2026-10', -500n],
      ['pool:rollover', 100n],
      ['pool:2026-10', -100n],
      ['pool:2026-10', 480n],
      ['creator:a:payable', -240n],
      ['creator:c%3Ad:payable', -240n],
      ['pool:2026-10', 120n],
      ['pool:rollover', -120n],
    ]);
  });

  it('undistributed money returns to the platform where the policy says so', () => {
    expect(postings(close([]), 'return').slice(2)).toEqual([
      ['pool:2026-10', 1000n],
      ['platform:rewards-expense', -1000n],
    ]);
  });

  it('a close of nothing has its two postings of zero', () => {
    expect(postings(close([], { revenueEntries: 0n }))).toEqual([
      ['platform:rewards-expense', 0n],
      ['pool:2026-10', 0n],
    ]);
  });

  it('is effective on the last day of the period, and can be read again', () => {
    const result = close([counts('a', 1)]);
    const policy = testPolicy();
    const entry = closeEntry({ period: '2026-10', policy, policyVersion: 3, policyHash: 'p', result });
    expect(entry).toMatchObject({ key: 'close:2026-10', kind: 'close', effectiveAt: '2026-10-31', reverses: null });
    expect(entry.details).toEqual({
      period: '2026-10',
      policyHash: 'p',
      policyVersion: '3',
      resultHash: result.resultHash,
    });
    expect([...entry.postings]).toEqual([...entry.postings]);
  });

  it('sums to zero, empties the pool, and allocates every unit, for any counts', () => {
    const count = fc.integer({ min: -5, max: 1000 });
    const creators = fc.uniqueArray(fc.nat(200), { maxLength: 30 }).chain((ids) => {
      const sorted = ids.map((id) => `c${String(id).padStart(3, '0')}`).sort();
      return fc.tuple(
        ...sorted.map((id) => fc.tuple(count, count).map(([likes, follows]) => counts(id, likes, follows))),
      );
    });
    const shares = fc.constantFrom(undefined, '0.05', '0.3', '1');
    fc.assert(
      fc.property(
        creators,
        fc.bigInt(-1000n, 10n ** 30n),
        fc.bigInt(0n, 10n ** 6n),
        shares,
        (rows, revenue, rolled, share) => {
          const allocation = { method: 'pro-rata' as const, ...(share === undefined ? {} : { maxShare: share }) };
          const policy = testPolicy({ weights: { like: '1', follow: '2.5' }, allocation });
          const result = close(rows, { policy, revenueEntries: revenue, rolledOver: rolled });
          let pool = 0n;
          for (const posting of balanced(closePostings('2026-10', { undistributed: 'rollover' }, result))) {
            if (posting.account === 'pool:2026-10') {
              pool += posting.amount;
            }
          }
          expect(pool).toBe(0n);
          const amounts = result.rows.reduce((sum, row) => sum + row.amount, 0n);
          expect(amounts + result.pool.undistributed).toBe(result.pool.pool);
        },
      ),
    );
  });
});
