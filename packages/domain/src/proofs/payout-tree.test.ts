import { createHash, createHmac } from 'node:crypto';
import { currencyOf } from '@rewardbook/money/currency';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '../values/sha256.ts';
import { compareUtf8 } from '../values/utf8-order.ts';
import { keyedShuffle } from './keyed-shuffle.ts';
import { payoutTree } from './payout-tree.ts';
import type { ProofRow } from './proof-rows.ts';
import { partsOf, splitAmount, splittingOf } from './split-amount.ts';
import type { Digests, PayoutTreeInput } from './tree-leaves.ts';
import { nodeText, type PayoutProof, type PublishedRoot, proofText, rootText, verifyProof } from './verify-proof.ts';

const NATIVE: Digests = {
  sha256Hex: (text) => createHash('sha256').update(text, 'utf8').digest('hex'),
  hmacHex: (key, text) => createHmac('sha256', Buffer.from(key, 'hex')).update(text, 'utf8').digest('hex'),
};
const SECRET = 'ab'.repeat(32);
const BASE = { program: 'p', period: '2026-10', secret: SECRET, digests: NATIVE };

/** With a faster hash: here thousands of proofs are checked. */
const verify = (text: string, published: PublishedRoot = {}) => verifyProof(text, published, NATIVE.sha256Hex);

const creatorIds = fc.uniqueArray(
  fc.oneof(fc.stringMatching(/^[a-z0-9]{1,6}$/), fc.constantFrom('c:3 ü', 'c\u{1f600}', 'c\uffee', '"\\')),
  {
    minLength: 1,
    maxLength: 70,
  },
);
const inputs: fc.Arbitrary<PayoutTreeInput> = fc
  .record({
    ids: creatorIds,
    currency: fc.constantFrom('IDR', 'JPY', 'KWD').map(currencyOf),
    amounts: fc.array(fc.oneof(fc.constant(0n), fc.bigInt(0n, 5000n), fc.bigInt(0n, 10n ** 32n)), {
      minLength: 70,
      maxLength: 70,
    }),
    secret: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex')),
  })
  .map(({ ids, amounts, ...rest }) => {
    const rows = [...ids]
      .sort(compareUtf8)
      .map((creatorId, index): ProofRow => ({ creatorId, points: String(index), amount: amounts[index] ?? 0n }));
    return { ...BASE, ...rest, rows };
  });

function few(amounts: readonly bigint[]): PayoutTreeInput {
  const rows = amounts.map((amount, index) => ({ creatorId: creatorNumber(index), points: '1', amount }));
  return { ...BASE, currency: currencyOf('IDR'), rows };
}

function creatorNumber(index: number): string {
  return `c${String(index).padStart(2, '0')}`;
}

function proofIn(input: PayoutTreeInput, creatorId: string): PayoutProof {
  const proof = payoutTree(input).proofOf(creatorId);
  if (proof === undefined) {
    throw new Error(`no proof of ${creatorId}`);
  }
  return proof;
}

describe('a payout tree', () => {
  it('proves every creator of random closes with amount, root and total, and no one else', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const tree = payoutTree(input);
        for (const { creatorId } of input.rows) {
          const proof = tree.proofOf(creatorId);
          if (proof === undefined) {
            throw new Error(creatorId);
          }
          expect(verify(proofText(proof), tree)).toEqual({ valid: true, proof });
        }
        expect(tree.proofOf('nobody at all')).toBeUndefined();
      }),
      { numRuns: 10 },
    );
  });

  it('is the same with the hash functions of a browser', () => {
    const { digests: _digests, ...pure } = few([3n, 0n, 70n]);
    const [one, other] = [payoutTree(pure), payoutTree({ ...pure, digests: NATIVE })];
    expect(one.root).toBe(other.root);
    const proof = one.proofOf('c02');
    expect(proof).toEqual(other.proofOf('c02'));
    expect(proof && verifyProof(proofText(proof), one)).toEqual({ valid: true, proof });
  });

  it('is the same for the same secret, and a different one for another', () => {
    const input = few([3n, 4n]);
    expect(payoutTree(input).root).toBe(payoutTree(input).root);
    expect(payoutTree({ ...input, secret: 'cd'.repeat(32) }).root).not.toBe(payoutTree(input).root);
  });

  it('without creators has its own root', () => {
    expect(payoutTree(few([]))).toMatchObject({ total: '0.00', leaves: 0 });
  });

  it('keeps the total whatever the number of leaves, without doubling any', () => {
    for (let creators = 1; creators <= 40; creators += 1) {
      const tree = payoutTree(few(Array.from({ length: creators }, (_, index) => BigInt(index * index))));
      const units = Array.from({ length: creators }, (_, index) => index * index).reduce((sum, unit) => sum + unit, 0);
      expect(tree.total).toBe((units / 100).toFixed(2));
      const proof = tree.proofOf(creatorNumber(creators - 1));
      expect(proof === undefined ? undefined : verify(proofText(proof), tree).valid).toBe(true);
    }
  });

  it('refuses negative amounts and creators out of order', () => {
    expect(() => payoutTree(few([1n, -1n]))).toThrow('negative');
    const rows = [
      { creatorId: 'b', points: '1', amount: 1n },
      { creatorId: 'a', points: '1', amount: 1n },
    ];
    expect(() => payoutTree({ ...few([]), rows })).toThrow('out of order');
  });
});

describe('a proof', () => {
  const input = few([1250n, 0n, 99n]);
  const tree = payoutTree(input);
  const proven = proofIn(input, 'c00');
  const text = proofText(proven);

  it('fails with any byte changed, left out or added', () => {
    const bytes = Buffer.from(text, 'utf8');
    for (let index = 0; index < bytes.length; index += index < 2000 ? 1 : 17) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(verify(changed.toString('utf8')).valid, `byte ${index}`).toBe(false);
      if (index % 50 === 0) {
        const left = Buffer.concat([bytes.subarray(0, index), bytes.subarray(index + 1)]);
        expect(verify(left.toString('utf8')).valid, `without byte ${index}`).toBe(false);
      }
    }
    expect(verify(` ${text}`).valid).toBe(false);
    expect(verify(`${text}\n`).valid).toBe(true);
    expect(verify(`${text}\n\n`).valid).toBe(false);
  });

  it('fails against another root or total', () => {
    expect(verify(text, { root: tree.root, total: '13.49' }).valid).toBe(true);
    expect(verify(text, { root: '0'.repeat(64) })).toEqual({
      valid: false,
      reason: 'its root is not the published one',
    });
    expect(verify(text, { total: '13.50' })).toEqual({
      valid: false,
      reason: 'its total is not the published one',
    });
  });

  it('fails for an extra field, a repeated part, and text that is not a proof', () => {
    const proof = proven;
    const [first] = proof.parts;
    expect(verify(JSON.stringify({ ...proof, note: '' })).valid).toBe(false);
    expect(verify(proofText({ ...proof, parts: first ? [first, first] : [] })).valid).toBe(false);
    for (const other of ['', 'null', '[]', '{}', '{"proof":1}', '{"__proto__":{}}']) {
      expect(verify(other).valid).toBe(false);
    }
  });

  it('cannot have a negative sum, one with a sign or blank, or other decimals', () => {
    const proof = proven;
    for (const sum of ['-1.00', '+1.00', ' 1.00', '1', '1.0', '01.00', '1e2', '', '0x1.00', '１.00']) {
      const parts = proof.parts.map((part) => ({
        ...part,
        path: part.path.map((node, index) => (index === 0 ? { ...node, sum } : node)),
      }));
      expect(verify(proofText({ ...proof, parts })).valid, sum).toBe(false);
    }
  });

  it('cannot hide what is owed behind a negative sibling, even where the platform makes the tree so', () => {
    // A platform that owes 13.49 and wants to publish 2.49: it puts −11.00 next to the creator's leaf.
    const proof = proofIn(few([1349n]), 'c00');
    const [part] = proof.parts;
    if (part === undefined) {
      throw new Error('no part');
    }
    const sibling = { hash: 'ff'.repeat(32), sum: '-11.00' };
    const top = sha256Hex(nodeText({ hash: 'ee'.repeat(32), sum: '13.49' }, sibling));
    const forged = {
      ...proof,
      root: sha256Hex(rootText(top, '2.49', 2)),
      total: '2.49',
      leaves: 2,
      parts: [{ ...part, index: 0, path: [sibling] }],
    };
    expect(verify(proofText(forged)).valid).toBe(false);
  });

  it('shows both sums that a node is made of, so that neither child can be given a different one', () => {
    const [a, b] = [
      { hash: 'aa', sum: '1.00' },
      { hash: 'bb', sum: '2.00' },
    ];
    const swapped = nodeText({ ...a, sum: '2.00' }, { ...b, sum: '1.00' });
    expect(nodeText(a, b)).not.toBe(swapped);
  });

  it('does not show the amount of another creator', () => {
    fc.assert(
      fc.property(fc.array(fc.bigInt(1_000_000n, 10n ** 12n), { minLength: 3, maxLength: 40 }), (amounts) => {
        const proof = proofIn(few(amounts), 'c00');
        const others = new Set(
          amounts.slice(1).map((amount) => `${amount / 100n}.${String(amount % 100n).padStart(2, '0')}`),
        );
        for (const { path } of proof.parts) {
          for (const { sum } of path) {
            expect(others.has(sum)).toBe(false);
          }
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('parts', () => {
  it('are zero or more, add up, and are as many as asked for', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 32n), fc.integer({ min: 1, max: 64 }), fc.string(), (amount, parts, salt) => {
        const split = splitAmount(amount, parts, salt, sha256Hex);
        expect(split).toHaveLength(parts);
        expect(split.every((part) => part >= 0n)).toBe(true);
        expect(split.reduce((sum, part) => sum + part, 0n)).toBe(amount);
      }),
    );
  });

  it('are more for few creators and for large amounts', () => {
    expect(partsOf(0n, 0n, 1, splittingOf(1))).toBe(64);
    expect(partsOf(5n, 10n, 2, splittingOf(2))).toBe(32);
    const many = splittingOf(1000);
    expect(partsOf(0n, 1000n, 1000, many)).toBe(2);
    expect(partsOf(1n, 1000n, 1000, many)).toBe(2);
    expect(partsOf(3n, 1000n, 1000, many)).toBe(4);
    expect(partsOf(900n, 1000n, 1000, many)).toBe(32);
  });
});

it('a keyed shuffle has every number once, and a different order for another key', () => {
  const order = shuffled('one');
  expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 1000 }, (_, index) => index));
  expect(shuffled('two')).not.toEqual(order);
});

function shuffled(key: string): Uint32Array {
  const shuffling = keyedShuffle(1000, key, sha256Hex);
  for (;;) {
    const step = shuffling.next();
    if (step.done === true) {
      return step.value;
    }
  }
}
