import { sha256 } from '@noble/hashes/sha2.js';

// Self-contained: with this file and a SHA-256 anyone can check a proof of payout, without a server and without the
// rest of Rewardbook. What a proof shows, what it does not, and why the texts look as they do: see
// packages/domain/PROOF.md.

export const PROOF_KIND = 'rewardbook-payout-proof-1';

/** SHA-256 of a text's UTF-8 bytes, in hex. */
export type Sha256Hex = (text: string) => string;

/** A sibling node on the way to the root, and what the leaves below it add up to. */
export interface PathNode {
  readonly hash: string;
  readonly sum: string;
}

/** One of the leaves that a creator's amount is split into. */
export interface ProofPart {
  /** Place of the leaf, from 0. */
  readonly index: number;
  readonly amount: string;
  /** From the leaf up. */
  readonly path: readonly PathNode[];
}

/** What a creator gets: money in major units with the currency's digits. */
export interface PayoutProof {
  readonly proof: typeof PROOF_KIND;
  readonly program: string;
  readonly period: string;
  readonly currency: string;
  readonly root: string;
  readonly total: string;
  readonly leaves: number;
  readonly creatorId: string;
  readonly points: string;
  readonly amount: string;
  readonly salt: string;
  readonly parts: readonly ProofPart[];
}

/** What the platform has published of a close: its entry's `proofRoot` and `proofTotal`. */
export interface PublishedRoot {
  readonly root?: string | undefined;
  readonly total?: string | undefined;
}

export type ProofVerdict =
  | { readonly valid: true; readonly proof: PayoutProof }
  | { readonly valid: false; readonly reason: string };

/**
 * Checks the text of a proof: that it leads to its root, with its total, and that these are the published ones. Every byte counts:
 * a text other than the one that was given out is refused even if it means the same.
 */
export function verifyProof(text: string, published: PublishedRoot = {}, sha256Hex: Sha256Hex = hexOf): ProofVerdict {
  try {
    const proof = readProof(text);
    checkParts(proof, sha256Hex);
    check(published.root === undefined || published.root === proof.root, 'its root is not the published one');
    check(published.total === undefined || published.total === proof.total, 'its total is not the published one');
    return { valid: true, proof };
  } catch (error) {
    if (error instanceof ProofFault) {
      return { valid: false, reason: error.message };
    }
    throw error;
  }
}

/** The text in which a proof is given out, and the only one that is accepted; a line end may follow it. */
export function proofText(proof: PayoutProof): string {
  const { program, period, currency, root, total, leaves, creatorId, points, amount, salt } = proof;
  const parts = proof.parts.map((part) => ({
    index: part.index,
    amount: part.amount,
    path: part.path.map(({ hash, sum }) => ({ hash, sum })),
  }));
  const head = { proof: PROOF_KIND, program, period, currency, root, total, leaves };
  return JSON.stringify({ ...head, creatorId, points, amount, salt, parts });
}

/** What all leaves of a tree have in common. */
export function leafHead(program: string, period: string, currency: string): string {
  return JSON.stringify([program, period, currency]);
}

/** What a leaf says of its creator. */
export interface LeafOwner {
  readonly salt: string;
  readonly creatorId: string;
  readonly points: string;
  readonly amount: string;
  /** Leaves of this creator. */
  readonly parts: number;
}

// Texts that JSON.stringify copies unchanged: nearly every text here.
const PLAIN = /^[ !#-[\]-~]*$/;

function jsonText(text: string): string {
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** @param part number of the part, from 1; `index`: the leaf's place in the tree; `sum`: the part's amount */
export function leafText(head: string, owner: LeafOwner, part: number, index: number, sum: string): string {
  const { salt, creatorId, points, amount, parts } = owner;
  return `rewardbook:leaf:1\n${head}\n[${jsonText(salt)},${jsonText(creatorId)},${jsonText(points)},${jsonText(amount)}]\n${part}/${parts} at ${index}\n${sum}`;
}

/** Both sums are in the hash, not only what they add up to: neither child can be given another one later. */
export function nodeText(left: PathNode, right: PathNode): string {
  return `rewardbook:node:1\n${left.hash}\n${left.sum}\n${right.hash}\n${right.sum}`;
}

/** What is published: the top of the tree with its total and its number of leaves. */
export function rootText(top: string, total: string, leaves: number): string {
  return `rewardbook:root:1\n${top}\n${total}\n${leaves}`;
}

function checkParts(proof: PayoutProof, sha256Hex: Sha256Hex): void {
  const { total, leaves, amount, parts } = proof;
  const decimals = decimalsOf(total);
  const head = leafHead(proof.program, proof.period, proof.currency);
  const owner = { ...proof, parts: parts.length };
  let sumOfParts = 0n;
  for (const [number, part] of parts.entries()) {
    let node: PathNode = {
      hash: sha256Hex(leafText(head, owner, number + 1, part.index, part.amount)),
      sum: part.amount,
    };
    sumOfParts += unitsOf(part.amount, decimals);
    let [index, width, used] = [part.index, leaves, 0];
    check(index < leaves, 'a part lies outside the tree');
    // Level by level; the last node of a level with an odd number of them goes up unchanged.
    while (width > 1) {
      const isRight = index % 2 === 1;
      if (isRight || index + 1 < width) {
        const sibling = part.path[used];
        if (sibling === undefined) {
          throw new ProofFault('a path is too short');
        }
        used += 1;
        const sum = unitsOf(node.sum, decimals) + unitsOf(sibling.sum, decimals);
        const [left, right] = isRight ? [sibling, node] : [node, sibling];
        node = { hash: sha256Hex(nodeText(left, right)), sum: decimalOf(sum, decimals) };
      }
      index = Math.floor(index / 2);
      width = Math.ceil(width / 2);
    }
    check(used === part.path.length, 'a path is too long');
    check(node.sum === total, `a path adds up to ${node.sum}, not to the total ${total}`);
    check(sha256Hex(rootText(node.hash, node.sum, leaves)) === proof.root, 'a path does not lead to the root');
  }
  check(sumOfParts === unitsOf(amount, decimals), 'the parts do not add up to the amount');
  check(new Set(parts.map(({ index }) => index)).size === parts.length, 'a leaf is used twice');
}

const HASH = /^[0-9a-f]{64}$/;
const NOT_WELL_FORMED = /\p{Surrogate}/u;
const AMOUNT = /^(?:0|[1-9]\d*)(?:\.(\d+))?$/;

function readProof(text: string): PayoutProof {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ProofFault('it is not JSON');
  }
  const given = fieldsOf(value);
  check(given.proof === PROOF_KIND, `it is not a ${PROOF_KIND}`);
  const parts = listOf(given.parts).map((item): ProofPart => {
    const part = fieldsOf(item);
    const path = listOf(part.path).map((node): PathNode => {
      const { hash, sum } = fieldsOf(node);
      return { hash: hashOf(hash), sum: textOf(sum) };
    });
    return { index: countOf(part.index), amount: textOf(part.amount), path };
  });
  check(parts.length > 0, 'it has no parts');
  const proof: PayoutProof = {
    proof: PROOF_KIND,
    program: textOf(given.program),
    period: textOf(given.period),
    currency: textOf(given.currency),
    root: hashOf(given.root),
    total: textOf(given.total),
    leaves: countOf(given.leaves),
    creatorId: textOf(given.creatorId),
    points: textOf(given.points),
    amount: textOf(given.amount),
    salt: hashOf(given.salt),
    parts,
  };
  const expected = proofText(proof);
  check(text === expected || text === `${expected}\n`, 'its text is not as it was given out');
  return proof;
}

class ProofFault extends Error {
  override readonly name = 'ProofFault';
}

function check(holds: boolean, reason: string): asserts holds {
  if (!holds) {
    throw new ProofFault(reason);
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  check(typeof value === 'object' && value !== null && !Array.isArray(value), 'an object is missing');
  return { ...value };
}

function listOf(value: unknown): readonly unknown[] {
  check(Array.isArray(value), 'a list is missing');
  return value;
}

function textOf(value: unknown): string {
  check(typeof value === 'string' && !NOT_WELL_FORMED.test(value), 'a text is missing');
  return value;
}

function hashOf(value: unknown): string {
  const text = textOf(value);
  check(HASH.test(text), 'a hash is missing');
  return text;
}

function countOf(value: unknown): number {
  check(typeof value === 'number' && Number.isSafeInteger(value) && value >= 0, 'a count is missing');
  return value;
}

function decimalsOf(total: string): number {
  const match = AMOUNT.exec(total);
  check(match !== null, `"${total}" is not an amount`);
  return match[1]?.length ?? 0;
}

/** An amount as a whole number of its smallest unit. Negative ones, signs, blanks and other numbers of decimals are refused. */
function unitsOf(amount: string, decimals: number): bigint {
  const match = AMOUNT.exec(amount);
  check(match !== null && (match[1]?.length ?? 0) === decimals, `"${amount}" is not an amount like the total`);
  return BigInt(amount.replace('.', ''));
}

function decimalOf(units: bigint, decimals: number): string {
  const digits = units.toString().padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}

function hexOf(text: string): string {
  let hex = '';
  for (const byte of sha256(new TextEncoder().encode(text))) {
    hex += byte.toString(16).padStart(2, '0');
  }
  return hex;
}
