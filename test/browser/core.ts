// What a page does with the core: bundled for the browser, and run in Node for comparison.

import { MAX_QUESTION } from '@rewardbook/contracts/api/lab-limits';
import { ndjsonOf } from '@rewardbook/contracts/files/event-tables/event-table';
import { openEventTable } from '@rewardbook/contracts/files/event-tables/open-table';
import { memoryAccess } from '@rewardbook/contracts/files/event-tables/random-access';
import type { CreatorCounts } from '@rewardbook/domain/allocation/close-columns';
import { type CloseInput, computeClose } from '@rewardbook/domain/close/close';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { type Policy, policyHash } from '@rewardbook/domain/policy/policy';
import { periodBounds } from '@rewardbook/domain/values/period';
import { answerQuestion } from '@rewardbook/lab/answer/answer-question';
import { prepareQuestion } from '@rewardbook/lab/prepare/prepare';
import { readQuestion } from '@rewardbook/lab/question/read-question';
import { currencyOf } from '@rewardbook/money/currency';
import { simulate } from '@rewardbook/simulate/closes/simulate';
import { accepted } from '@rewardbook/simulate/events/accepted-events';
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

/** The lab's answer to a question about the events of a scenario. */
export async function answerOf(question: object): Promise<string> {
  const { question: asked, events } = readQuestion(question, { events: 10_000, parties: 10_000 });
  if (events === undefined || !('scenario' in events)) {
    throw new Error('a page makes its own events: ask about a scenario');
  }
  const { scenario } = events;
  const answer = answerQuestion(prepareQuestion(asked, MAX_QUESTION), {
    readEvents: async (seed = scenario.seed) => accepted(generateEvents({ ...scenario, seed })),
    onProgress: () => undefined,
  });
  let text = '';
  for await (const piece of answer) {
    text += piece;
  }
  return text;
}

/** The events of a table, as lines of NDJSON. @param bytes of the file */
export async function linesOfTable(format: 'csv' | 'parquet', bytes: readonly number[]): Promise<string> {
  const file = Uint8Array.from(bytes);
  const table = await openEventTable(format, {
    chunks: async function* () {
      yield file;
    },
    randomAccess: async () => memoryAccess(file),
  });
  let text = '';
  for await (const piece of ndjsonOf(table)) {
    text += new TextDecoder().decode(piece);
  }
  return text;
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
