import { parsePolicy } from '@rewardbook/contracts/policy';
import type { Actor } from '@rewardbook/db/actor';
import { BooksRefused } from '@rewardbook/db/errors';
import { nextPeriod } from '@rewardbook/domain/period';
import { canonicalPolicy, type Policy, policyHash } from '@rewardbook/domain/policy';
import { currencyOf } from '@rewardbook/money/currency';
import { AppError } from '@rewardbook/runtime/errors';
import { lastClose } from '../store/period-store.ts';
import { newestPolicy, type StoredPolicy } from '../store/policy-store.ts';
import { type ApplyPolicyCall, applyPolicy as callApplyPolicy, findProgram } from '../store/program-store.ts';
import type { Ledger } from './ledger.ts';
import { boundsOfPeriod } from './program-period.ts';

export interface ApplyPolicyInput {
  readonly program: string;
  /** The policy as it was sent; defaults are filled in here. */
  readonly policy: unknown;
  /** First period under it; undefined: the first that is not closing or closed. */
  readonly from: string | undefined;
  readonly actor: Actor;
}

const MAX_TRIES = 5;

/**
 * Applies a policy: makes the program, or adds a version. The newest version again is a no-op.
 *
 * @throws AppError `bad-policy`, `bad-period`; BooksRefused `program-fixed`, `policy-too-early`
 */
export async function applyPolicy(
  ledger: Ledger,
  { program, policy: sent, from, actor }: ApplyPolicyInput,
): Promise<StoredPolicy & { changed: boolean }> {
  const policy = readPolicy(program, sent);
  const call: Omit<ApplyPolicyCall, 'validFrom'> = {
    slug: program,
    currency: currencyOf(policy.currency),
    timeZone: policy.timeZone,
    periodKind: policy.period,
    policy: canonicalPolicy(policy),
    policyHash: policyHash(policy),
    actor,
  };
  const { version, created } =
    from === undefined
      ? await applyFromNow(ledger, call)
      : await callApplyPolicy(ledger.sql, { ...call, validFrom: startOf(policy, from) });

  const known = await findProgram(ledger.sql, program);
  const stored = known && (await newestPolicy(ledger.sql, known.programId));
  if (stored === undefined) throw new Error(`policy ${version} of ${program} is not there after it was applied`);
  return { ...stored, changed: created };
}

/** A close may begin between reading where the program stands and the call: then the call refuses, and it is read again. */
async function applyFromNow(ledger: Ledger, call: Omit<ApplyPolicyCall, 'validFrom'>) {
  for (let tries = 1; ; tries += 1) {
    const program = await findProgram(ledger.sql, call.slug);
    const newest = program && (await newestPolicy(ledger.sql, program.programId));
    const last = program && (await lastClose(ledger.sql, program.programId));
    const isNewest = newest?.policyHash === call.policyHash;
    const validFrom =
      program === undefined || last === undefined || isNewest ? null : startOf(program, nextPeriod(last.period));
    try {
      return await callApplyPolicy(ledger.sql, { ...call, validFrom });
    } catch (error) {
      const moved = error instanceof BooksRefused && error.code === 'policy-too-early' && tries < MAX_TRIES;
      if (!moved) throw error;
    }
  }
}

function startOf(
  program: { periodKind: Policy['period']; timeZone: string } | Policy,
  period: string,
): { period: string; start: number } {
  const kind = 'periodKind' in program ? program.periodKind : program.period;
  return { period, start: boundsOfPeriod({ periodKind: kind, timeZone: program.timeZone }, period).start };
}

/** A policy as it was sent, with its defaults. @throws AppError `bad-policy` */
export function readPolicy(program: string, sent: unknown): Policy {
  const parsed = parsePolicy(sent);
  if (!parsed.ok) {
    throw new AppError('bad-policy', 'The policy is not valid: see errors for what is wrong where', {
      errors: parsed.issues.map(({ path, message }) => ({ path, message })),
    });
  }
  if (parsed.value.program !== program) {
    throw new AppError('bad-policy', `The policy is one of ${parsed.value.program}, the address says ${program}`);
  }
  return parsed.value;
}
