import { DomainError } from '../values/error.ts';
import { indexOf, ROWS_PER_STEP } from './proof-rows.ts';
import { BLOCK, leavesOf, type PayoutTreeInput, type TreeLeaves } from './tree-leaves.ts';
import { levelsOf, pathIn, type TreeNode, topOf } from './tree-nodes.ts';
import { type PayoutProof, PROOF_KIND, type ProofPart, rootText } from './verify-proof.ts';

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

const BLOCKS_PER_STEP = 64;
const SMALL = 2n ** 64n;

/** Grows the tree in steps of a few milliseconds, between which the caller can yield. See packages/domain/PROOF.md. */
export function* growPayoutTree(input: PayoutTreeInput): Generator<void, PayoutTree, undefined> {
  const leaves = yield* leavesOf(input);
  const blocks = yield* growBlocks(leaves);
  const { total } = leaves.columns;
  const upper = levelsOf(blocks, leaves.join);
  const top = upper.at(-1)?.[0] ?? { hash: leaves.hash('rewardbook:empty:1'), sum: leaves.money(0n), units: 0n };
  if (top.units !== total) {
    throw new DomainError('bad-close', 'The sums of a payout tree do not add up to its total');
  }
  const published: TreeRoot = {
    root: leaves.hash(rootText(top.hash, leaves.money(total), leaves.count)),
    total: leaves.money(total),
    leaves: leaves.count,
  };
  const { program, period, currency } = input;
  const head = { program, period, currency: currency.code, ...published }; // not the rows: a tree may be kept for long
  return { ...published, proofOf: (creatorId) => proofOf(creatorId, head, leaves, upper) };
}

/** The top of each block of leaves. Each creator's salt and split are made once. */
function* growBlocks(leaves: TreeLeaves): Generator<void, TreeNode[], undefined> {
  const { columns, firstParts, order, count } = leaves;
  const salts: string[] = [];
  const texts: string[] = [];
  const owners = new Uint32Array(count);
  const split = columns.total < SMALL ? new BigUint64Array(count) : Array.from({ length: count }, () => 0n);
  for (const owner of columns.creatorIds.keys()) {
    const salt = leaves.saltOf(owner);
    salts.push(salt);
    texts.push(leaves.money(columns.amounts[owner] ?? 0n));
    let part = firstParts[owner] ?? 0;
    for (const units of leaves.splitOf(owner, salt)) {
      owners[part] = owner;
      split[part] = units;
      part += 1;
    }
    if (owner % ROWS_PER_STEP === 0) {
      yield;
    }
  }
  const leafAt = (index: number): TreeNode => {
    const part = order[index] ?? 0;
    const owner = owners[part] ?? 0;
    return leaves.leafOf(index, part, owner, salts[owner] ?? '', split[part] ?? 0n, texts[owner] ?? '');
  };
  const blocks: TreeNode[] = [];
  for (let block = 0; block * BLOCK < count; block += 1) {
    const top = topOf(leaves.blockOf(block, leafAt), leaves.join);
    if (top !== undefined) {
      blocks.push(top);
    }
    if (block % BLOCKS_PER_STEP === BLOCKS_PER_STEP - 1) {
      yield;
    }
  }
  return blocks;
}

/** @param upper the tree above the blocks, level by level */
function proofOf(
  creatorId: string,
  head: Pick<PayoutProof, 'program' | 'period' | 'currency' | keyof TreeRoot>,
  leaves: TreeLeaves,
  upper: readonly (readonly TreeNode[])[],
): PayoutProof | undefined {
  const { creatorIds, points, amounts } = leaves.columns;
  const owner = indexOf(creatorIds, creatorId);
  if (owner === undefined) {
    return undefined;
  }
  return {
    proof: PROOF_KIND,
    ...head,
    creatorId,
    points: points[owner] ?? '',
    amount: leaves.money(amounts[owner] ?? 0n),
    salt: leaves.saltOf(owner),
    parts: placesOf(leaves, owner).map((index) => partAt(index, leaves, upper)),
  };
}

/** Where in the tree a creator's parts are, in their order. */
function placesOf({ firstParts, order }: TreeLeaves, owner: number): number[] {
  const first = firstParts[owner] ?? 0;
  const next = firstParts[owner + 1] ?? 0;
  const places = new Map<number, number>();
  for (const [index, part] of order.entries()) {
    if (part >= first && part < next) {
      places.set(part, index);
    }
  }
  return Array.from({ length: next - first }, (_, number) => places.get(first + number) ?? 0);
}

function partAt(index: number, leaves: TreeLeaves, upper: readonly (readonly TreeNode[])[]): ProofPart {
  const block = Math.floor(index / BLOCK);
  const levels = levelsOf(
    leaves.blockOf(block, (place) => leaves.leafAt(place)),
    leaves.join,
  );
  const path = [...pathIn(levels, index % BLOCK), ...pathIn(upper, block)];
  const leaf = levels[0]?.[index % BLOCK];
  return {
    index,
    amount: leaf?.sum ?? leaves.money(0n),
    path: path.map(({ hash: beside, sum }) => ({ hash: beside, sum })),
  };
}
