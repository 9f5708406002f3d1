import { parsePolicy } from '@rewardbook/contracts/files/policy';
import type { Actor } from '@rewardbook/db/actor';
import { lastClose } from '@rewardbook/db/books/closes';
import { findPolicyVersion, findPolicyVersionAt, type StoredVersion } from '@rewardbook/db/books/policies';
import { findProgram, requireProgram } from '@rewardbook/db/books/program';
import { BooksRefused } from '@rewardbook/db/errors';
import { canonicalPolicy, type Policy, policyHash } from '@rewardbook/domain/policy/policy';
import { canonicalJson, type JsonValue } from '@rewardbook/domain/values/canonical-json';
import { nextPeriod } from '@rewardbook/domain/values/period';
import { sha256Hex } from '@rewardbook/domain/values/sha256';
import { currencyOf } from '@rewardbook/money/currency';
import { AppError } from '@rewardbook/runtime/http/errors';
import { type Answer, doOrAsk, type Gated } from '../approvals/gate.ts';
import type { ApprovalCall } from '../approvals/sql.ts';
import type { Ledger } from '../service/ledger.ts';
import { boundsOfPeriod } from './program-starts.ts';
import { type ApplyPolicyCall, applyPolicy as callApplyPolicy } from './sql.ts';

export interface ApplyPolicyInput {
  readonly program: string;
  /** The policy as it was sent; defaults are filled in here. */
  readonly policy: unknown;
  /** First period under it; null: from the beginning; undefined: the first that is not closing or closed. */
  readonly from: string | null | undefined;
  readonly actor: Actor;
}

/** The version that holds from there on; `changed` where it was added. */
export type AppliedPolicy = StoredVersion & { readonly changed: boolean };

const MAX_TRIES = 5;

/**
 * Applies a policy: makes the program, or adds a version. What holds from that period already is not added again.
 *
 * @throws AppError `bad-policy`, `bad-period`; BooksRefused `program-fixed`, `policy-too-early`, `approval-needed`
 */
export function applyPolicy(ledger: Ledger, input: ApplyPolicyInput): Promise<AppliedPolicy> {
  return whileClosesBegin(input, async () => (await planPolicy(ledger, input)).act());
}

/** Applies a policy, or asks a second person for it where that needs one. @throws as `applyPolicy` */
export function applyPolicyOrAsk(ledger: Ledger, input: ApplyPolicyInput): Promise<Answer<AppliedPolicy>> {
  return whileClosesBegin(input, async () => doOrAsk(ledger, await planPolicy(ledger, input)));
}

/** A close may begin between reading the program's state and the call: then the call refuses, and it is read again. */
async function whileClosesBegin<Value>({ from }: ApplyPolicyInput, apply: () => Promise<Value>): Promise<Value> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await apply();
    } catch (error) {
      const hasMoved = error instanceof BooksRefused && error.code === 'policy-too-early';
      if (!hasMoved || from !== undefined || tries === MAX_TRIES) {
        throw error;
      }
    }
  }
}

async function planPolicy(
  ledger: Ledger,
  { program, policy: sent, from, actor }: ApplyPolicyInput,
): Promise<Gated<AppliedPolicy>> {
  const policy = readPolicy(program, sent);
  const validFrom = await startOf(ledger, policy, from);
  const call: ApplyPolicyCall = {
    slug: program,
    currency: currencyOf(policy.currency),
    timeZone: policy.timeZone,
    periodKind: policy.period,
    policy: canonicalPolicy(policy),
    policyHash: policyHash(policy),
    validFrom,
    actor,
  };
  return {
    act: async () => {
      // From now on, and it holds now: there is nothing to do. From a period that was named it is a version of its own, which goes on
      // holding from there when one before it is replaced.
      const holding = from === undefined ? await policyAt(ledger, program, validFrom?.period ?? null) : undefined;
      return holding?.policyHash === call.policyHash ? { ...holding, changed: false } : apply(ledger, call);
    },
    request: () => requestFor(ledger, call),
  };
}

async function startOf(
  { sql }: Ledger,
  policy: Policy,
  from: string | null | undefined,
): Promise<ApplyPolicyCall['validFrom']> {
  const program = await findProgram(sql, policy.program);
  // Of the program where there is one: its periods and zone never change, whatever this policy says of them.
  const { periodKind, timeZone } = program ?? { periodKind: policy.period, timeZone: policy.timeZone };
  const last = from === undefined && program !== undefined ? await lastClose(sql, program.programId) : undefined;
  const period = last === undefined ? (from ?? null) : nextPeriod(last.period);
  return period === null ? null : { period, start: boundsOfPeriod({ periodKind, timeZone }, period).start };
}

async function policyAt({ sql }: Ledger, slug: string, period: string | null): Promise<StoredVersion | undefined> {
  const program = await findProgram(sql, slug);
  return program && findPolicyVersionAt(sql, program.programId, period);
}

async function apply({ sql }: Ledger, call: ApplyPolicyCall): Promise<AppliedPolicy> {
  const { programId, version, created } = await callApplyPolicy(sql, call);
  const stored = await findPolicyVersion(sql, programId, version);
  if (stored === undefined) {
    throw new Error(`policy ${version} of ${call.slug} is not there after it was applied`);
  }
  return { ...stored, changed: created };
}

async function requestFor(
  { sql }: Ledger,
  { slug, policy, policyHash, validFrom, actor }: ApplyPolicyCall,
): Promise<ApprovalCall> {
  const { programId } = await requireProgram(sql, slug);
  const stored: JsonValue = JSON.parse(policy);
  const payload = canonicalJson({ from: validFrom?.period ?? null, policy: stored, policyHash });
  return { programId, kind: 'policy', key: `policy:${sha256Hex(payload)}`, payload, actor };
}

/** A policy as it was sent, with its defaults. @throws AppError `bad-policy` */
function readPolicy(program: string, sent: unknown): Policy {
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
