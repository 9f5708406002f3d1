import { canonicalJson, type JsonValue } from '../values/canonical-json.ts';
import type { PeriodKind } from '../values/period.ts';
import { sha256Hex } from '../values/sha256.ts';

/**
 * A program's policy in its stored form: defaults filled in, decimals as plain strings (no exponent, trailing zeros or −0).
 * A key that has no default (`maxShare`, `countries`, each risk rule…) is absent where the policy does not set it.
 */
export interface Policy {
  /** Slug; with currency, timeZone and period the same in every version of a program's policy. */
  readonly program: string;
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
  readonly period: PeriodKind;
  readonly revenueShare: string;
  readonly weights: { readonly like: string; readonly follow: string };
  readonly allocation: AllocationPolicy;
  readonly eligibility: EligibilityPolicy;
  readonly boosts: readonly Boost[];
  readonly risk: RiskPolicy;
  readonly maxLatePeriods: number;
  readonly undistributed: Undistributed;
  readonly payout: PayoutPolicy;
  readonly approvals: readonly Approval[];
  readonly scouts?: ScoutsPolicy;
}

/** Who pays a scout: the platform, or the creator out of what they are given. */
export const COMMISSION_PAYERS = ['platform', 'creator'] as const;
export type CommissionPayer = (typeof COMMISSION_PAYERS)[number];

export interface ScoutsPolicy {
  /** Of what a creator gets from the pool and from campaigns. */
  readonly share: string;
  /** In how many periods, from that of `scoutedOn` on. */
  readonly periods: number;
  readonly paidBy: CommissionPayer;
}

export const ALLOCATION_METHODS = [
  'pro-rata',
  'user-centric',
  'engaged-equal',
  'equal',
  'square-root',
  'blend',
] as const;
export type AllocationMethodName = (typeof ALLOCATION_METHODS)[number];

export interface AllocationPolicy {
  readonly method: AllocationMethodName;
  /** Most of the pool that one creator can get. */
  readonly maxShare?: string;
  /** Share of the pro-rata weights in a blend. */
  readonly lambda?: string;
}

export interface EligibilityPolicy {
  readonly registeredOnly: boolean;
  readonly minFollowers: number;
  /** Compared with points before boosts. */
  readonly minPoints: string;
  readonly minAccountAgeDays: number;
  /** ISO 3166-1 alpha-2. */
  readonly countries?: readonly string[];
}

export interface Boost {
  readonly name: string;
  readonly when: { readonly minFollowers?: number; readonly maxFollowers?: number; readonly minGrowth?: string };
  readonly multiplier: string;
}

export interface RiskPolicy {
  readonly blockedViewers?: readonly string[];
  readonly blockedCreators?: readonly string[];
  readonly maxEventsPerViewerPerHour?: number;
  readonly maxTogglesPerEngagement?: number;
  readonly maxLikesPerPair?: number;
  readonly minViewerAgeHours?: number;
  readonly lockstep?: LockstepPolicy;
}

export interface LockstepPolicy {
  readonly viewers: number;
  readonly targets: number;
  readonly windowSeconds: number;
  readonly maxWindowViewers: number;
}

export interface PayoutPolicy {
  /** Money in major units. */
  readonly minimum: string;
  /** Money in major units. */
  readonly roundTo: string;
  readonly holdback: { readonly share: string; readonly periods: number };
  /** Rate by tax country. */
  readonly withholding: Readonly<Record<string, string>>;
}

/** What becomes of what a close does not give: it goes into the next pool, or back. */
export const UNDISTRIBUTED = ['rollover', 'return'] as const;
export type Undistributed = (typeof UNDISTRIBUTED)[number];

/** What a policy can require a second person for. */
export const APPROVALS = [
  'payouts',
  'adjustments',
  'revenue',
  'policy',
  'close',
  'returns',
  'holds',
  'payees',
] as const;
export type Approval = (typeof APPROVALS)[number];

/** SHA-256 of the stored form's canonical JSON. */
export function policyHash(policy: Policy): string {
  return sha256Hex(canonicalPolicy(policy));
}

/** The stored form as canonical JSON (RFC 8785). */
export function canonicalPolicy(policy: Policy): string {
  // A spread of an interface is a plain object type, which JsonValue takes without a cast.
  return canonicalJson(toJson(policy));
}

function toJson(policy: Policy): JsonValue {
  return {
    ...policy,
    allocation: { ...policy.allocation },
    eligibility: { ...policy.eligibility },
    boosts: policy.boosts.map((boost) => ({ ...boost })),
    risk: { ...policy.risk, lockstep: policy.risk.lockstep && { ...policy.risk.lockstep } },
    payout: { ...policy.payout },
    scouts: policy.scouts && { ...policy.scouts },
  };
}
