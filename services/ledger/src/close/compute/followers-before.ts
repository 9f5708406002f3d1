import { findCloseByNumber } from '@rewardbook/db/books/closes';
import { requirePolicy } from '@rewardbook/db/books/policies';
import type { Sql } from '@rewardbook/db/client';
import { boostsByGrowth } from '@rewardbook/domain/allocation/boost';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { joiningDays, readFacts } from '../../creators/sql.ts';
import type { Ledger } from '../../service/ledger.ts';
import { readFollowsBefore } from '../sql/viewers.ts';
import { startsOfDays } from './joining-days.ts';
import type { ClosePlan } from './plan-close.ts';

/**
 * Followers of those who take part at the close before, or at the first close's start; undefined where no boost asks. A figure of
 * that close, so by the blocked lists and creators that it used.
 *
 * @param foldConnections the connections that folded this close
 */
export async function followersBefore(
  ledger: Ledger,
  plan: ClosePlan,
  foldConnections: readonly Sql[],
  takesPart: (creatorId: string) => boolean,
): Promise<((creatorId: string) => number) | undefined> {
  if (!boostsByGrowth(plan.policy)) {
    return undefined;
  }
  const { slowSql } = ledger;
  const { programId, timeZone } = plan.program;
  const { risk, creatorsVersion } = await usedBefore(ledger, plan);
  const counts = new Map<string, number>();
  const add = (creatorId: string, followers: number): void => {
    if (followers > 0 && takesPart(creatorId)) {
      counts.set(creatorId, (counts.get(creatorId) ?? 0) + followers);
    }
  };
  const call = {
    programId,
    closeNo: plan.closeNo,
    blockedViewers: risk.blockedViewers ?? [],
    blockedCreators: risk.blockedCreators ?? [],
    creatorsVersion,
    joined: startsOfDays(await joiningDays(slowSql, programId, creatorsVersion), timeZone),
  };
  await Promise.all(
    foldConnections.map((sql, part) => readFollowsBefore(sql, call, part, foldConnections.length, add)),
  );
  await readFacts(slowSql, programId, creatorsVersion, ({ creatorId, followers }) => add(creatorId, followers));
  return (creatorId) => counts.get(creatorId) ?? 0;
}

async function usedBefore(
  { sql }: Ledger,
  { program, closeNo, policy, creatorsVersion }: ClosePlan,
): Promise<{ readonly risk: Policy['risk']; readonly creatorsVersion: number }> {
  if (closeNo === 1) {
    return { risk: policy.risk, creatorsVersion };
  }
  const before = await findCloseByNumber(sql, program.programId, closeNo - 1);
  if (before === undefined) {
    throw new Error(`close ${closeNo - 1} is missing`);
  }
  const stored = await requirePolicy(sql, program.programId, before.policyVersion);
  return { risk: stored.policy.risk, creatorsVersion: before.creatorsVersion };
}
