import { formatAmount } from '@rewardbook/money/amount';
import type { Currency } from '@rewardbook/money/currency';
import { type CloseParts, NO_PARTS } from '../beyond/close-parts.ts';
import { hashedParts } from '../beyond/hashed-parts.ts';
import type { PrintedParts } from '../beyond/printed-parts.ts';
import type { LockstepGroup } from '../events/lockstep.ts';
import type { RiskRule } from '../policy/risk-rule.ts';
import { canonicalString } from '../values/canonical-json.ts';
import { formatInstant } from '../values/instant.ts';
import type { PeriodBounds } from '../values/period.ts';
import { TextHash } from '../values/sha256.ts';
import { compareUtf8 } from '../values/utf8-order.ts';

/** One creator in a period's result, as `simulate --json` and `close` print it. */
export interface CreatorResult {
  readonly creatorId: string;
  readonly netLikes: number;
  readonly netFollows: number;
  readonly carriedIn: string;
  readonly carriedOut: string;
  /** Points used; "0" for those who earn nothing. */
  readonly points: string;
  /** The whole number by which the pool was split. */
  readonly weight: string;
  /** Money in major units. */
  readonly amount: string;
}

/** What one risk rule excluded at a close, and the points that it would have added. */
export interface ExcludedByRule {
  readonly rule: RiskRule;
  readonly events: number;
  readonly points: string;
}

/** Inequality of the amounts of creators with positive points; null where their sum is zero. */
export interface Metrics {
  readonly creators: number;
  readonly gini: string | null;
  readonly top1Share: string | null;
  readonly top10Share: string | null;
  /** Also null where the ⌊0.4 n⌋ smallest have nothing. */
  readonly palma: string | null;
  readonly hhi: string | null;
  readonly theilT: string | null;
}

/** A period's result without its creators. Money in major units. */
export interface PeriodSummary {
  readonly period: string;
  readonly policyHash: string;
  readonly revenue: string;
  readonly pool: string;
  readonly allocated: string;
  readonly undistributed: string;
  readonly resultHash: string;
}

/** A period's result in the order in which it is printed. */
export interface PeriodResult extends PeriodSummary, PrintedParts {
  readonly creators: readonly CreatorResult[];
  readonly excluded: readonly ExcludedByRule[];
  readonly metrics: Metrics;
  /** Only where the policy asks for it; no part of the resultHash. */
  readonly lockstep?: readonly LockstepGroup[];
}

/** What a resultHash is over, besides the allocations. Money in minor units. */
export interface ResultHeader {
  readonly program: string;
  readonly period: string;
  readonly bounds: PeriodBounds;
  readonly currency: Currency;
  readonly policyHash: string;
  readonly creatorsHash: string;
  readonly revenue: bigint;
  readonly pool: bigint;
  readonly undistributed: bigint;
}

/** Hash of a result whose allocations come one by one, by creatorId in byte order. */
export interface ResultHasher {
  add(creatorId: string, netLikes: number, netFollows: number, points: string, amount: bigint): void;
  /** SHA-256 in hex, after which nothing can be added. */
  digest(header: ResultHeader): string;
}

/**
 * SHA-256 of the canonical JSON of `{program, period, start, end, currency, policyHash, creatorsHash, revenue, pool,
 * undistributed, allocations: [[creatorId, netLikes, netFollows, points, amount], …]}` and what the close has of `campaigns,
 * contentsHash, gifts, commissions, shares, agreementsHash, benefits`. The text is hashed while it is built and its
 * allocations are never held in memory: what comes before them in canonical order has to be known first.
 */
export function resultHasher(currency: Currency, parts: CloseParts = NO_PARTS): ResultHasher {
  const members = hashedParts(parts, currency);
  const before = members.filter(([key]) => compareUtf8(key, 'allocations') < 0);
  const hash = new TextHash().update(`{${before.map(memberText).join('')}"allocations":[`);
  let separator = '';
  return {
    add(creatorId, netLikes, netFollows, points, amount) {
      const money = formatAmount(amount, currency);
      hash.update(`${separator}[${canonicalString(creatorId)},${netLikes},${netFollows},"${points}","${money}"]`);
      separator = ',';
    },
    digest(header) {
      const texts: [string, string][] = [
        ['creatorsHash', header.creatorsHash],
        ['currency', header.currency.code],
        ['end', formatInstant(header.bounds.end)],
        ['period', header.period],
        ['policyHash', header.policyHash],
        ['pool', formatAmount(header.pool, currency)],
        ['program', header.program],
        ['revenue', formatAmount(header.revenue, currency)],
        ['start', formatInstant(header.bounds.start)],
        ['undistributed', formatAmount(header.undistributed, currency)],
      ];
      const after = members.filter(([key]) => compareUtf8(key, 'allocations') > 0);
      const rest = [...after, ...texts.map(([key, text]): [string, string] => [key, canonicalString(text)])];
      const sorted = rest.sort(([a], [b]) => compareUtf8(a, b));
      return hash.update(`],${sorted.map(([key, text]) => `"${key}":${text}`).join(',')}}`).digest();
    },
  };
}

function memberText([key, text]: readonly [string, string]): string {
  return `"${key}":${text},`;
}
