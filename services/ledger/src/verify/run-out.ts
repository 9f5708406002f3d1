import type { VerifyRunOut } from '@rewardbook/contracts/api/verify';
import type { VerifyRun } from './runs-sql.ts';

export function toVerifyRunOut({ startedAt, endedAt, ...run }: VerifyRun): VerifyRunOut {
  return {
    ...run,
    checks: [...run.checks],
    ok: run.state === 'done' ? run.checks.every(({ ok }) => ok === true) : null,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  };
}
