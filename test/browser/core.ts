// What a page does with the core: bundled for the browser, and run in Node for comparison.

import type { CreatorCounts } from '@rewardbook/domain/allocation/close-columns';
import { type CloseInput, computeClose } from '@rewardbook/domain/close/close';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { type Policy, policyHash } from '@rewardbook/domain/policy/policy';
import { periodBounds } from '@rewardbook/domain/values/period';
import { currencyOf } from '@rewardbook/money/currency';
import { simulate } from '@rewardbook/simulate/closes/simulate';
import { generateEvents } from '@rewardbook/simulate/generator/events';
import { readScenario, type ScenarioSize } from '@rewardbook/simulate/generator/scenario';

/** A pack as a page gets it: nothing but JSON. */
export interface PackInput {
  readonly policy: Policy;
  readonly creators: readonly RegisteredCreator[];
  /** Minor units by period, as text. */
  readonly revenue: readonly (readonly [string, string])[];
  /** YAML */
  readonly scenario: string;
  readonly size: ScenarioSize;
}

/** Makes the pack's events, closes its periods and gives their resultHashes. */
export function closePack({ policy, creators, revenue, scenario, size }: PackInput): [string, string][] {
  const { periods } = simulate({
    policies: [{ policy, policyHash: policyHash(policy), validFrom: null }],
    creators,
    revenue: new Map(revenue.map(([period, minor]) => [period, BigInt(minor)])),
    events: generateEvents(readScenario(scenario), size),
  });
  return periods.map(({ period, resultHash }) => [period, resultHash]);
}

/** What a change of policy over creators' counts took, and what it came to. */
export interface PolicyChange {
  /** Milliseconds of each run until every creator's row is there. */
  readonly rowsMs: readonly number[];
  /** And until the resultHash is there too. */
  readonly hashedMs: readonly number[];
  readonly resultHash: string;
}

const PERIOD = '2026-10';
const POOL_REVENUE = 2_000_000_000_000n;

/**
 * Closes a period with that number of creators under each policy in turn, as a page does whose user changes a policy.
 */
export function changePolicies(policies: readonly Policy[], creators: number, times: number): PolicyChange {
  const counts = heavyTailed(creators);
  const rowsMs: number[] = [];
  const hashedMs: number[] = [];
  let resultHash = '';
  for (let time = 0; time < times; time += 1) {
    const policy = policies[time % policies.length];
    if (policy === undefined) {
      throw new Error('there is no policy');
    }
    const begun = performance.now();
    const result = computeClose(closeOf(policy, counts));
    // What a page shows: every row.
    let rows = 0;
    for (const row of result.creators) {
      rows += row.amount > 0n ? 1 : 0;
    }
    rowsMs.push(performance.now() - begun);
    if (rows === 0) {
      throw new Error('nobody got anything');
    }
    resultHash = result.resultHash;
    hashedMs.push(performance.now() - begun);
  }
  return { rowsMs, hashedMs, resultHash };
}

function closeOf(policy: Policy, creators: readonly CreatorCounts[]): CloseInput {
  return {
    program: policy.program,
    period: PERIOD,
    bounds: periodBounds(PERIOD, policy.timeZone),
    currency: currencyOf(policy.currency),
    policy,
    policyHash: policyHash(policy),
    creatorsHash: '',
    revenueEntries: POOL_REVENUE,
    negativeRevenueCarriedIn: 0n,
    rolledOver: 0n,
    registered: () => undefined,
    followers: () => 0,
    creators,
  };
}

/** Counts that fall with the rank, a few of them negative; in byte order of ids. */
function heavyTailed(creators: number): CreatorCounts[] {
  return Array.from({ length: creators }, (_, index) => {
    const rank = 1 + ((index * 7919) % creators); // ids say nothing about size
    return {
      creatorId: `creator-${String(index).padStart(7, '0')}`,
      netLikes: rank % 97 === 0 ? -3 : Math.ceil(1_000_000 / rank),
      netFollows: Math.floor(200_000 / rank),
    };
  });
}
