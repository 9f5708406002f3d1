import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes } from '@noble/hashes/utils.js';
import { formatAmount } from '@rewardbook/money/amount';
import type { Currency } from '@rewardbook/money/currency';
import { sha256Hex } from '../values/sha256.ts';
import { keyedShuffle } from './keyed-shuffle.ts';
import { columnsOf, firstPartsOf, ownerOf, type ProofRow, type RowColumns } from './proof-rows.ts';
import { splitAmount } from './split-amount.ts';
import type { TreeNode } from './tree-nodes.ts';
import { leafHead, leafText, nodeText, type Sha256Hex } from './verify-proof.ts';

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

// Leaves are hashed in blocks of this many; only the tree above them is kept, and a proof rebuilds the blocks that it
// needs.
export const BLOCK = 64;

/** Takes the rows in and shuffles their parts, in steps. */
export function* leavesOf(input: PayoutTreeInput): Generator<void, TreeLeaves, undefined> {
  const { secret, digests = PURE_DIGESTS } = input;
  const columns = yield* columnsOf(input.rows);
  const firstParts = firstPartsOf(columns);
  const count = firstParts.at(-1) ?? 0;
  const order = yield* keyedShuffle(count, digests.hmacHex(secret, '\u0000shuffle'), digests.sha256Hex);
  return new TreeLeaves(input, digests, columns, firstParts, order);
}

/** The leaves of a tree: what each is of, and how it is hashed. None of them is kept. */
export class TreeLeaves {
  readonly columns: RowColumns;
  /** Number of each creator's first part, and at the end the number of all parts. */
  readonly firstParts: Uint32Array;
  /** The part at each place of the tree. */
  readonly order: Uint32Array;
  readonly hash: Sha256Hex;
  readonly #currency: Currency;
  readonly #secret: string;
  readonly #hmacHex: Digests['hmacHex'];
  readonly #head: string;

  constructor(
    { program, period, currency, secret }: PayoutTreeInput,
    digests: Digests,
    columns: RowColumns,
    firstParts: Uint32Array,
    order: Uint32Array,
  ) {
    this.columns = columns;
    this.firstParts = firstParts;
    this.order = order;
    this.hash = digests.sha256Hex;
    this.#currency = currency;
    this.#secret = secret;
    this.#hmacHex = digests.hmacHex;
    this.#head = leafHead(program, period, currency.code);
  }

  get count(): number {
    return this.order.length;
  }

  money(minor: bigint): string {
    return formatAmount(minor, this.#currency);
  }

  /** Only the keeper of the secret can make it. */
  saltOf(owner: number): string {
    return this.#hmacHex(this.#secret, this.columns.creatorIds[owner] ?? '');
  }

  /** A creator's amount in its parts. */
  splitOf(owner: number, salt: string): bigint[] {
    const parts = (this.firstParts[owner + 1] ?? 0) - (this.firstParts[owner] ?? 0);
    return splitAmount(this.columns.amounts[owner] ?? 0n, parts, salt, this.hash);
  }

  /** @param amount the owner's whole amount, in major units */
  leafOf(index: number, part: number, owner: number, salt: string, units: bigint, amount: string): TreeNode {
    const { creatorIds, points } = this.columns;
    const first = this.firstParts[owner] ?? 0;
    const parts = (this.firstParts[owner + 1] ?? 0) - first;
    const of = { salt, creatorId: creatorIds[owner] ?? '', points: points[owner] ?? '', amount, parts };
    const sum = this.money(units);
    return { hash: this.hash(leafText(this.#head, of, part - first + 1, index, sum)), sum, units };
  }

  /** The leaf at a place, from nothing but the rows and the secret. */
  leafAt(index: number): TreeNode {
    const part = this.order[index] ?? 0;
    const owner = ownerOf(this.firstParts, part);
    const salt = this.saltOf(owner);
    const units = this.splitOf(owner, salt)[part - (this.firstParts[owner] ?? 0)] ?? 0n;
    return this.leafOf(index, part, owner, salt, units, this.money(this.columns.amounts[owner] ?? 0n));
  }

  /** The leaves of a block. */
  blockOf(block: number, leafAt: (index: number) => TreeNode): TreeNode[] {
    const from = block * BLOCK;
    return Array.from({ length: Math.min(BLOCK, this.count - from) }, (_, offset) => leafAt(from + offset));
  }

  /** The node above two. */
  readonly join = (left: TreeNode, right: TreeNode): TreeNode => {
    const units = left.units + right.units;
    return { hash: this.hash(nodeText(left, right)), sum: this.money(units), units };
  };
}
