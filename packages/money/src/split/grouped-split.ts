import type { GroupedWeights } from './grouped-weights.ts';
import { compareDescending } from './largest.ts';

/**
 * Largest remainder where many weights are equal: divides once a group. Groups with larger remainders get a unit each for all
 * their members; the units that do not suffice for the groups with the next remainder go to the smallest indexes.
 * Expects `pool ≥ 0`.
 */
export function splitGroups(pool: bigint, { distinct, members, groupOf }: GroupedWeights): bigint[] {
  const sum = distinct.reduce((total, weight, group) => total + weight * BigInt(members[group] ?? 0), 0n);
  if (sum === 0n) {
    return Array.from(groupOf, () => 0n);
  }
  let left = pool;
  const floors: bigint[] = [];
  const remainders: bigint[] = [];
  distinct.forEach((weight, group) => {
    const product = pool * weight;
    const floor = product / sum;
    floors.push(floor);
    remainders.push(product - floor * sum);
    left -= floor * BigInt(members[group] ?? 0);
  });

  const parts = floors.slice();
  const tied = new Uint8Array(distinct.length);
  let units = Number(left);
  for (const equals of groupsByRemainder(remainders)) {
    const wanted = equals.reduce((count, group) => count + (members[group] ?? 0), 0);
    const enough = wanted <= units;
    for (const group of equals) {
      parts[group] = (floors[group] ?? 0n) + 1n;
      tied[group] = enough ? 0 : 1;
    }
    if (!enough) {
      break;
    }
    units -= wanted;
    if (units === 0) {
      break;
    }
  }

  const result = new Array<bigint>(groupOf.length);
  for (let i = 0; i < groupOf.length; i++) {
    const group = groupOf[i] ?? 0;
    if (tied[group] === 1 && units === 0) {
      result[i] = floors[group] ?? 0n;
    } else {
      result[i] = parts[group] ?? 0n;
      units -= tied[group] ?? 0;
    }
  }
  return result;
}

/** Groups with equal remainders together, the largest remainder first. */
function* groupsByRemainder(remainders: readonly bigint[]): Generator<number[]> {
  const order = Array.from(remainders.keys()).sort((a, b) => compareDescending(remainders[a], remainders[b]));
  let equals: number[] = [];
  for (const group of order) {
    const [first] = equals;
    if (first !== undefined && remainders[first] !== remainders[group]) {
      yield equals;
      equals = [];
    }
    equals.push(group);
  }
  yield equals;
}
