import { payoutTree } from '@rewardbook/domain/proofs/payout-tree';
import { PURE_DIGESTS } from '@rewardbook/domain/proofs/tree-leaves';
import { currencyOf } from '@rewardbook/money/currency';
import { describe, expect, it } from 'vitest';
import { DIGESTS } from './payout-digests.ts';
import { MIN_ROWS_FOR_THREAD, payoutTreeRoot } from './payout-tree-root.ts';

const DATA = { program: 'p', period: '2024-10', currency: currencyOf('IDR'), secret: 'c3'.repeat(32) };
const ROWS = ['Zoë', 'a b', 'c1', 'поза', '𝒳'].map((creatorId, index) => ({
  creatorId,
  points: `${index}.5`,
  amount: 10n ** BigInt(index * 6), // more than 64 bits among them
}));
const IN_ORDER = [...ROWS].sort((a, b) => Buffer.compare(Buffer.from(a.creatorId), Buffer.from(b.creatorId)));

describe('the root of a tree that grows apart', () => {
  it.each([
    ['in a thread', MIN_ROWS_FOR_THREAD],
    ['in place', 0],
  ])('is that of the tree: %s', async (_where, rowCount) => {
    const { root, total, leaves } = payoutTree({ ...DATA, rows: IN_ORDER });
    const apart = payoutTreeRoot(DATA, rowCount);
    try {
      apart.add(IN_ORDER.slice(0, 2));
      apart.add(IN_ORDER.slice(2));
      expect(await apart.root()).toMatchObject({ root, total, leaves });
    } finally {
      await apart.stop();
    }
  });

  it('fails where the tree does', async () => {
    const apart = payoutTreeRoot(DATA, MIN_ROWS_FOR_THREAD);
    apart.add([...IN_ORDER].reverse());
    await expect(apart.root()).rejects.toThrow('out of order');
    await apart.stop();
  });
});

it("OpenSSL's digests are those in JavaScript, for keys in turn and texts of any length", () => {
  for (const key of ['00', 'c3'.repeat(32), '7f'.repeat(64)]) {
    for (const text of ['', 'c1', '𝒳поза'.repeat(100), 'x']) {
      expect(DIGESTS.hmacHex(key, text)).toBe(PURE_DIGESTS.hmacHex(key, text));
      expect(DIGESTS.sha256Hex(text)).toBe(PURE_DIGESTS.sha256Hex(text));
    }
  }
});
