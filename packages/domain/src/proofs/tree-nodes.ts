import type { PathNode } from './verify-proof.ts';

/** A node with its sum in minor units, which `PathNode` has as text. */
export interface TreeNode extends PathNode {
  readonly units: bigint;
}

/** The node above two. */
export type Join = (left: TreeNode, right: TreeNode) => TreeNode;

/** Nodes level by level up to a single one; the last of an odd number goes up unchanged. */
export function levelsOf(leaves: readonly TreeNode[], join: Join): (readonly TreeNode[])[] {
  const levels = [leaves];
  for (let level = leaves; level.length > 1; ) {
    const above: TreeNode[] = [];
    for (let index = 0; index < level.length; index += 2) {
      const [left, right] = [level[index], level[index + 1]];
      if (left !== undefined) {
        above.push(right === undefined ? left : join(left, right));
      }
    }
    levels.push(above);
    level = above;
  }
  return levels;
}

/** The top of `levelsOf`, computed in place: the nodes given are overwritten. */
export function topOf(nodes: TreeNode[], join: Join): TreeNode | undefined {
  for (let length = nodes.length; length > 1; length = Math.ceil(length / 2)) {
    for (let index = 0; index < length; index += 2) {
      const [left, right] = [nodes[index], index + 1 < length ? nodes[index + 1] : undefined];
      if (left !== undefined) {
        nodes[index / 2] = right === undefined ? left : join(left, right);
      }
    }
  }
  return nodes[0];
}

/** The sibling nodes on the way from a place to the top. */
export function pathIn(levels: readonly (readonly TreeNode[])[], index: number): TreeNode[] {
  return levels.flatMap((level, height) => {
    const place = Math.floor(index / 2 ** height);
    const beside = level[place % 2 === 0 ? place + 1 : place - 1];
    return beside === undefined ? [] : [beside];
  });
}
