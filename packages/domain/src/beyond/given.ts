import type { Policy } from '../policy/policy.ts';
import { compareUtf8, sortUtf8 } from '../values/utf8-order.ts';
import type { CloseParts } from './close-parts.ts';

/** What of a policy decides who pays for the parts. */
export type PartsPolicy = Pick<Policy, 'scouts'>;

/** A creator's money from the pool. */
interface Allocated {
  readonly creatorId: string;
  readonly points: string;
  readonly amount: bigint;
}

/**
 * What the parts give each creator on top of the pool, minor units: campaigns, gifts and commissions earned, less
 * commission paid and what goes to members. May be below zero, never by more than the pool gives. None who come to zero.
 */
export function givenByParts(parts: CloseParts, policy: PartsPolicy): Map<string, bigint> {
  const given = new Map<string, bigint>();
  const add = (creatorId: string, amount: bigint): void => {
    given.set(creatorId, (given.get(creatorId) ?? 0n) + amount);
  };
  for (const { creators } of parts.campaigns ?? []) {
    for (const { creatorId, amount } of creators) {
      add(creatorId, amount);
    }
  }
  for (const { creatorId, amount } of parts.gifts ?? []) {
    add(creatorId, amount);
  }
  for (const { scoutId, creatorId, amount } of parts.commissions ?? []) {
    add(scoutId, amount);
    if (policy.scouts?.paidBy === 'creator') {
      add(creatorId, -amount);
    }
  }
  for (const { creatorId, memberId, amount } of parts.shares ?? []) {
    add(creatorId, -amount);
    add(memberId, amount);
  }
  for (const [creatorId, amount] of given) {
    if (amount === 0n) {
      given.delete(creatorId);
    }
  }
  return given;
}

/** The rows of a close with all that it gives a creator, by creatorId; who has nothing but a part has points of 0. */
export function withGiven(rows: Iterable<Allocated>, given: ReadonlyMap<string, bigint>): Iterable<Allocated> {
  return given.size === 0 ? rows : merged(rows, given);
}

function* merged(rows: Iterable<Allocated>, given: ReadonlyMap<string, bigint>): Generator<Allocated> {
  const others = sortUtf8([...given.keys()]);
  let next = 0;
  const othersBefore = function* (creatorId: string | undefined): Generator<Allocated> {
    for (let other = others[next]; other !== undefined; other = others[next]) {
      if (creatorId !== undefined && compareUtf8(other, creatorId) >= 0) {
        break;
      }
      next += 1;
      yield { creatorId: other, points: '0', amount: given.get(other) ?? 0n };
    }
  };
  for (const { creatorId, points, amount } of rows) {
    yield* othersBefore(creatorId);
    if (others[next] === creatorId) {
      next += 1;
    }
    yield { creatorId, points, amount: amount + (given.get(creatorId) ?? 0n) };
  }
  yield* othersBefore(undefined);
}
