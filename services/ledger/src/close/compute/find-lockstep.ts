import { type LockstepGroup, lockstep } from '@rewardbook/domain/events/lockstep';
import { type Ledger, timed } from '../../service/ledger.ts';
import { readLockstepWindows, stageLockstep } from '../sql/viewers.ts';
import type { ClosePlan } from './plan-close.ts';

const GROUPS_PER_PIECE = 1_000;

/**
 * The groups of viewers in lockstep of a close, staged under its attempt; of a dry run (null) they are only given. undefined where
 * the policy does not ask.
 */
export async function findLockstep(
  ledger: Ledger,
  plan: ClosePlan,
  attemptId: string | null,
): Promise<readonly LockstepGroup[] | undefined> {
  const { programId } = plan.program;
  const policy = plan.policy.risk.lockstep;
  if (policy === undefined) {
    return undefined;
  }
  return timed(ledger, 'lockstep', async () => {
    const finding = lockstep(policy);
    const { maxWindowViewers, windowSeconds } = policy;
    const call = {
      programId,
      closeNo: plan.closeNo,
      attemptId,
      ...plan.bounds,
      windowMs: windowSeconds * 1_000,
      maxWindowViewers,
    };
    await readLockstepWindows(ledger.slowSql, call, finding.addWindow);
    const groups = finding.groups();
    if (attemptId === null) {
      return groups;
    }
    for (let first = 0; first < groups.length; first += GROUPS_PER_PIECE) {
      await stageLockstep(
        ledger.slowSql,
        programId,
        attemptId,
        first + 1,
        groups.slice(first, first + GROUPS_PER_PIECE),
      );
    }
    return groups;
  });
}
