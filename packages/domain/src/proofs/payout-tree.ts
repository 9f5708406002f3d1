import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { formatAmount } from '@rewardbook/money/amount';
import type { Currency } from '@rewardbook/money/currency';
import { DomainError } from '../values/error.ts';
import { sha256Hex } from '../values/sha256.ts';
import { compareUtf8 } from '../values/utf8-order.ts';
import { keyedShuffle } from './keyed-shuffle.ts';
import { partsOf, splitAmount, splittingOf } from './split-amount.ts';
import {
  leafHead,
  leafText,
  nodeText,
  type PathNode,
  type PayoutProof,
  PROOF_KIND,
  type ProofPart,
  rootText,
  type Sha256Hex,
} from './verify-proof.ts';

/** A creator's allocation, as proven. */
export interface ProofRow {
  readonly creatorId: string;
  /** Plain decimal. */
  readonly points: string;
  /** Minor units, zero or more. */
  readonly amount: bigint;
}

/** The hash functions; a caller with faster ones than those of `@noble/hashes` gives its own. */
export interface Digests {
  readonly sha256Hex: Sha256Hex;
  /** HMAC-SHA-256 of a text's UTF-8 bytes, in hex; the key in hex. */
  readonly hmacHex: (key: string, text: string) => string;
}

export const PURE_DIGESTS: Digests = {
  sha256Hex,
  hmacHex: (key, text) => bytesToHex(hmac(sha256, hexToBytes(key), new TextEncoder().encode(text))),
};

export interface PayoutTreeInput {
  readonly program: string;
  readonly period: string;
  readonly currency: Currency;
  /** 32 random bytes in hex, for this close only: anyone who knows them can look into the tree. */
  readonly secret: string;
  /** By creatorId in byte order, each once. */
  readonly rows: Iterable<ProofRow>;
  readonly digests?: Digests;
}

/** What a close publishes about its tree. */
export interface TreeRoot {
  readonly root: string;
  /** What all allocations add up to, in major units. */
  readonly total: string;
  readonly leaves: number;
}

export interface PayoutTree extends TreeRoot {
  /** A creator's proof, or undefined if the close has no allocation for them. */
  proofOf(creatorId: string): PayoutProof | undefined;
}

/** Builds the whole tree in one go. For many creators use `growPayoutTree`. */
export function payoutTree(input: PayoutTreeInput): PayoutTree {
  const growing = growPayoutTree(input);
  for (;;) {
    const step = growing.next();
    if (step.done === true) {
      return step.value;
    }
  }
}

// Leaves are hashed in blocks of this many; only the tree above them is kept, and a proof rebuilds the blocks that it
// needs.
const BLOCK = 64;
const BLOCKS_PER_STEP = 64;
const ROWS_PER_STEP = 4096;
const SMALL = 2n ** 64n;

interface Node extends PathNode {
  readonly units: bigint;
}

/** Grows the tree in steps of a few milliseconds, between which the caller can yield. See packages/domain/PROOF.md. */
export function* growPayoutTree(input: PayoutTreeInput): Generator<void, PayoutTree, undefined> {
  const { program, period, currency, secret, digests = PURE_DIGESTS } = input;
  const { sha256Hex: hash } = digests;
  const columns = yield* columnsOf(input.rows);
  const { creatorIds, points, amounts, total } = columns;
  const firstParts = firstPartsOf(columns);
  const leaves = firstParts.at(-1) ?? 0;
  const order = yield* keyedShuffle(leaves, digests.hmacHex(secret, '\u0000shuffle'), hash);
  const head = leafHead(program, period, currency.code);
  const money = (minor: bigint): string => formatAmount(minor, currency);
  const node = (left: Node, right: Node): Node => {
    const units = left.units + right.units;
    return { hash: hash(nodeText(left, right)), sum: money(units), units };
  };

  const saltOf = (owner: number): string => digests.hmacHex(secret, creatorIds[owner] ?? '');
  const leafOf = (index: number, part: number, owner: number, salt: string, units: bigint, amount: string): Node => {
    const first = firstParts[owner] ?? 0;
    const parts = (firstParts[owner + 1] ?? 0) - first;
    const of = { salt, creatorId: creatorIds[owner] ?? '', points: points[owner] ?? '', amount, parts };
    const sum = money(units);
    return { hash: hash(leafText(head, of, part - first + 1, index, sum)), sum, units };
  };
  const blockOf = (block: number, leafAt: (index: number) => Node): Node[] => {
    const from = block * BLOCK;
    return Array.from({ length: Math.min(BLOCK, leaves - from) }, (_, offset) => leafAt(from + offset));
  };
  const splitOf = (owner: number, salt: string): bigint[] =>
    splitAmount(amounts[owner] ?? 0n, (firstParts[owner + 1] ?? 0) - (firstParts[owner] ?? 0), salt, hash);

  // Each creator's salt and split are made once, while the tree grows; afterwards only its keeper can make them again.
  const salts: string[] = [];
  const texts: string[] = [];
  const owners = new Uint32Array(leaves);
  const split = total < SMALL ? new BigUint64Array(leaves) : Array.from({ length: leaves }, () => 0n);
  for (const owner of creatorIds.keys()) {
    const salt = saltOf(owner);
    salts.push(salt);
    texts.push(money(amounts[owner] ?? 0n));
    let part = firstParts[owner] ?? 0;
    for (const units of splitOf(owner, salt)) {
      owners[part] = owner;
      split[part] = units;
      part += 1;
    }
    if (owner % ROWS_PER_STEP === 0) {
      yield;
    }
  }
  const growing = (index: number): Node => {
    const part = order[index] ?? 0;
    const owner = owners[part] ?? 0;
    return leafOf(index, part, owner, salts[owner] ?? '', split[part] ?? 0n, texts[owner] ?? '');
  };
  const blocks: Node[] = [];
  for (let block = 0; block * BLOCK < leaves; block += 1) {
    const top = topOf(blockOf(block, growing), node);
    if (top !== undefined) {
      blocks.push(top);
    }
    if (block % BLOCKS_PER_STEP === BLOCKS_PER_STEP - 1) {
      yield;
    }
  }
  const grownAgain = (index: number): Node => {
    const part = order[index] ?? 0;
    const owner = ownerOf(firstParts, part);
    const salt = saltOf(owner);
    const units = splitOf(owner, salt)[part - (firstParts[owner] ?? 0)] ?? 0n;
    return leafOf(index, part, owner, salt, units, money(amounts[owner] ?? 0n));
  };
  const upper = levelsOf(blocks, node);
  const top = upper.at(-1)?.[0] ?? { hash: hash('rewardbook:empty:1'), sum: money(0n), units: 0n };
  if (top.units !== total) {
    throw new DomainError('bad-close', 'The sums of a payout tree do not add up to its total');
  }
  const root = hash(rootText(top.hash, money(total), leaves));

  const partAt = (index: number): ProofPart => {
    const block = Math.floor(index / BLOCK);
    const levels = levelsOf(blockOf(block, grownAgain), node);
    const path = [...pathIn(levels, index % BLOCK), ...pathIn(upper, block)];
    const leaf = levels[0]?.[index % BLOCK];
    return {
      index,
      amount: leaf?.sum ?? money(0n),
      path: path.map(({ hash: beside, sum }) => ({ hash: beside, sum })),
    };
  };
  return {
    root,
    total: money(total),
    leaves,
    proofOf(creatorId) {
      const owner = indexOf(creatorIds, creatorId);
      if (owner === undefined) {
        return undefined;
      }
      const first = firstParts[owner] ?? 0;
      const next = firstParts[owner + 1] ?? 0;
      const places = new Map<number, number>();
      for (const [index, part] of order.entries()) {
        if (part >= first && part < next) {
          places.set(part, index);
        }
      }
      const indexes = Array.from({ length: next - first }, (_, number) => places.get(first + number) ?? 0);
      return {
        proof: PROOF_KIND,
        program,
        period,
        currency: currency.code,
        root,
        total: money(total),
        leaves,
        creatorId,
        points: points[owner] ?? '',
        amount: money(amounts[owner] ?? 0n),
        salt: saltOf(owner),
        parts: indexes.map(partAt),
      };
    },
  };
}

interface Columns {
  readonly creatorIds: string[];
  readonly points: string[];
  readonly amounts: bigint[];
  readonly total: bigint;
}

function* columnsOf(rows: Iterable<ProofRow>): Generator<void, Columns, undefined> {
  const columns = { creatorIds: [] as string[], points: [] as string[], amounts: [] as bigint[], total: 0n };
  let previous: string | undefined;
  for (const { creatorId, points, amount } of rows) {
    if (amount < 0n) {
      throw new DomainError('bad-close', `The amount of "${creatorId}" is negative`);
    }
    if (previous !== undefined && compareUtf8(previous, creatorId) >= 0) {
      throw new DomainError('bad-close', `Creators out of order: "${creatorId}" after "${previous}"`);
    }
    previous = creatorId;
    columns.creatorIds.push(creatorId);
    columns.points.push(points);
    columns.amounts.push(amount);
    columns.total += amount;
    if (columns.amounts.length % ROWS_PER_STEP === 0) {
      yield;
    }
  }
  return columns;
}

/** Number of each creator's first part, and at the end the number of all parts. */
function firstPartsOf({ amounts, total }: Columns): Uint32Array {
  const splitting = splittingOf(amounts.length);
  const firstParts = new Uint32Array(amounts.length + 1);
  for (const [owner, amount] of amounts.entries()) {
    firstParts[owner + 1] = (firstParts[owner] ?? 0) + partsOf(amount, total, amounts.length, splitting);
  }
  return firstParts;
}

/** The owner of a part: the last creator whose first part is not after it. */
function ownerOf(firstParts: Uint32Array, part: number): number {
  let [low, high] = [0, firstParts.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((firstParts[middle] ?? 0) <= part) {
      low = middle;
    } else {
      high = middle;
    }
  }
  return low;
}

/** Nodes level by level up to a single one; the last of an odd number goes up unchanged. */
function levelsOf(leaves: readonly Node[], node: (left: Node, right: Node) => Node): (readonly Node[])[] {
  const levels = [leaves];
  for (let level = leaves; level.length > 1; ) {
    const above: Node[] = [];
    for (let index = 0; index < level.length; index += 2) {
      const [left, right] = [level[index], level[index + 1]];
      if (left !== undefined) {
        above.push(right === undefined ? left : node(left, right));
      }
    }
    levels.push(above);
    level = above;
  }
  return levels;
}

/** The top of `levelsOf`, computed in place: the nodes given are overwritten. */
function topOf(nodes: Node[], node: (left: Node, right: Node) => Node): Node | undefined {
  for (let length = nodes.length; length > 1; length = Math.ceil(length / 2)) {
    for (let index = 0; index < length; index += 2) {
      const [left, right] = [nodes[index], index + 1 < length ? nodes[index + 1] : undefined];
      if (left !== undefined) {
        nodes[index / 2] = right === undefined ? left : node(left, right);
      }
    }
  }
  return nodes[0];
}

/** The sibling nodes on the way from a place to the top. */
function pathIn(levels: readonly (readonly Node[])[], index: number): Node[] {
  return levels.flatMap((level, height) => {
    const place = Math.floor(index / 2 ** height);
    const beside = level[place % 2 === 0 ? place + 1 : place - 1];
    return beside === undefined ? [] : [beside];
  });
}

function indexOf(creatorIds: readonly string[], creatorId: string): number | undefined {
  let [low, high] = [0, creatorIds.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareUtf8(creatorIds[middle] ?? '', creatorId);
    if (order === 0) {
      return middle;
    }
    if (order < 0) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return undefined;
}
