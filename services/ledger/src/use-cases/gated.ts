import type { RevenueBody } from '@rewardbook/contracts/revenue';
import type { Actor } from '@rewardbook/db/actor';
import { canonicalJson, type JsonValue } from '@rewardbook/domain/canonical-json';
import { policyHash } from '@rewardbook/domain/policy';
import { revenueKey } from '@rewardbook/domain/revenue-entry';
import { sha256Hex } from '@rewardbook/domain/sha256';
import { needsApproval, type RequestKind } from '../store/approval-store.ts';
import { newestPolicy } from '../store/policy-store.ts';
import { findProgram } from '../store/program-store.ts';
import { type ApplyPolicyInput, applyPolicy, readPolicy } from './apply-policy.ts';
import { type Answer, ask } from './ask-approval.ts';
import { beginClose } from './begin-close.ts';
import { bookRevenue } from './book-revenue.ts';
import type { Ledger } from './ledger.ts';
import type { By } from './run-command.ts';

type Gated = Extract<RequestKind, 'revenue' | 'policy' | 'close'>;

interface Asked {
  readonly kind: Gated;
  readonly key: string;
  readonly payload: JsonValue;
}

/** Does something, or asks for its approval where the policy in force wants a second person for it. A program to be has no policy. */
async function actOrAsk<Value>(
  ledger: Ledger,
  slug: string,
  { kind, key, payload }: Asked,
  actor: Actor,
  act: () => Promise<Value>,
): Promise<Answer<Value>> {
  const program = await findProgram(ledger.sql, slug);
  if (program === undefined || !(await needsApproval(ledger.sql, program.programId, kind))) {
    return { done: true, value: await act() };
  }
  const { programId } = program;
  return { done: false, request: await ask(ledger, { programId, kind, key, payload: canonicalJson(payload), actor }) };
}

/** Books revenue, or asks for its approval. @throws as `bookRevenue` */
export function bookRevenueOrAsk(ledger: Ledger, slug: string, body: RevenueBody, by: By) {
  const asked = { kind: 'revenue', key: revenueKey(body.reference), payload: { ...body } } as const;
  return actOrAsk(ledger, slug, asked, by.actor, () => bookRevenue(ledger, slug, body, by));
}

/** Applies a policy, or asks for its approval; the one that stands already needs none. @throws as `applyPolicy` */
export async function applyPolicyOrAsk(ledger: Ledger, input: ApplyPolicyInput) {
  const policy = readPolicy(input.program, input.policy); // what is not valid is refused at once
  const program = await findProgram(ledger.sql, input.program);
  const newest = program && (await newestPolicy(ledger.sql, program.programId));
  if (newest?.policyHash === policyHash(policy))
    return { done: true, value: await applyPolicy(ledger, input) } as const;
  // The hash is by what the books know the policy that was approved.
  const asked = { policy: input.policy, from: input.from, policyHash: policyHash(policy) };
  const payload: JsonValue = JSON.parse(JSON.stringify(asked));
  const key = `policy:${sha256Hex(canonicalJson(payload))}`;
  return actOrAsk(ledger, input.program, { kind: 'policy', key, payload }, input.actor, () =>
    applyPolicy(ledger, input),
  );
}

/** Begins a close, or asks for its approval. @throws as `beginClose` */
export function beginCloseOrAsk(ledger: Ledger, slug: string, period: string, actor: Actor) {
  const asked = { kind: 'close', key: `close:${period}`, payload: { period } } as const;
  return actOrAsk(ledger, slug, asked, actor, () => beginClose(ledger, slug, period, actor));
}
