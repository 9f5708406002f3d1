import { boostsByGrowth } from '@rewardbook/domain/allocation/boost';
import type { EngagementEvent } from '@rewardbook/domain/events/event';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { canonicalJson, type JsonValue } from '@rewardbook/domain/values/canonical-json';
import { sha256Hex } from '@rewardbook/domain/values/sha256';
import { wantsOf } from '../closes/close-sequence.ts';
import type { PeriodClose } from '../closes/period-result.ts';
import { type CloseQuestion, planSimulation, type SimulationPlan } from '../closes/plan-simulation.ts';
import type { ShardAnswer } from '../closes/shard.ts';
import type { SimulatedPolicy } from '../closes/simulation.ts';
import { type AcceptedEvents, accepted } from '../events/accepted-events.ts';
import { type OneMore, withOneMore } from './one-more.ts';
import { type Outcome, type OutcomeInputs, outcomeOf, type PeriodFigures } from './outcome.ts';

/** Outcome of one more policy on the same inputs and events, or with one engagement more. Throws DomainError as `createSimulation`. */
export type Trial = (simulated: Pick<SimulatedPolicy, 'policy' | 'policyHash'>, oneMore?: OneMore) => Outcome;

/** Lists of void creators whose keys are remembered. */
const MAX_KEYS = 100;

/** Numbers that remembered answers may hold, over all of them: some hundred megabytes. */
const MAX_REMEMBERED = 20_000_000;

/**
 * Tries any number of policies on the same events, which are read once. What events leave (who gained and lost what, and what a rule
 * excluded) does not depend on weights, methods, caps, shares or payouts: it is found once for policies that judge alike, so that a
 * further policy costs its allocations alone.
 */
export function trials(inputs: OutcomeInputs, given: Iterable<EngagementEvent>, figures: PeriodFigures = 'now'): Trial {
  const events = accepted(given);
  const answers = rememberedAnswers();
  return (simulated, oneMore) => {
    const { policy, policyHash } = simulated;
    const made = planSimulation({ ...inputs, policies: [{ policy, policyHash, validFrom: null }] });
    return outcomeOf(simulated, closesOnce(made, events, { policy, answers, oneMore }), figures);
  };
}

/** The closes under a policy; a shard looks at events only from the first answer on that is not remembered. */
function* closesOnce(
  made: SimulationPlan,
  events: AcceptedEvents,
  { policy, answers, oneMore }: { policy: Policy; answers: RememberedAnswers; oneMore: OneMore | undefined },
): Generator<PeriodClose, void, undefined> {
  const asked: CloseQuestion[] = [];
  let shard: ((question: CloseQuestion) => ShardAnswer) | undefined;
  let answered = 0;
  let key = judgingOf(policy);
  for (const { question, finish } of made.closes()) {
    asked.push(question);
    key = answers.keyAfter(key, question.voidBefore);
    let answer = answers.get(key);
    if (answer === undefined) {
      // A shard goes from close to close: it has to be asked about those before too.
      shard ??= made.shard(events);
      for (const next of asked.slice(answered)) {
        answer = shard(next);
      }
      answered = asked.length;
      if (answer === undefined) {
        throw new Error('a close was not asked about');
      }
      answers.set(key, answer);
    }
    const isLast = asked.length === made.count;
    const closed = finish([isLast && oneMore !== undefined ? withOneMore(answer, oneMore) : answer]);
    if (closed !== undefined) {
      yield closed;
    }
  }
}

/** All of a policy that a shard's answers depend on, also those to past closes, besides whose points were void at the closes before. */
function judgingOf(policy: Policy): string {
  const { risk, maxLatePeriods, timeZone, period } = policy;
  const judging: JsonValue = JSON.parse(JSON.stringify({ risk, maxLatePeriods, timeZone, period }));
  return canonicalJson([judging, { ...wantsOf(policy, [policy]) }, boostsByGrowth(policy)]);
}

interface RememberedAnswers {
  /** The key of an answer, by that of the close before and whose points were void at it. */
  keyAfter(key: string, voidBefore: readonly string[]): string;
  get(key: string): ShardAnswer | undefined;
  set(key: string, answer: ShardAnswer): void;
}

/** Answers by their key; the least recently used make room for others. */
function rememberedAnswers(): RememberedAnswers {
  const answers = new Map<string, ShardAnswer>();
  // Mostly the same as for the policy before: then they need not be hashed.
  const keys = new Map<string, { readonly voidBefore: readonly string[]; readonly key: string }>();
  let size = 0;
  return {
    keyAfter(before, voidBefore) {
      const known = keys.get(before);
      if (known !== undefined && areEqual(known.voidBefore, voidBefore)) {
        return known.key;
      }
      const key = sha256Hex(`${before}\n${canonicalJson([...voidBefore])}`);
      keys.delete(before);
      keys.set(before, { voidBefore, key });
      const [oldest] = keys.keys();
      if (keys.size > MAX_KEYS && oldest !== undefined) {
        keys.delete(oldest);
      }
      return key;
    },
    get(key) {
      const answer = answers.get(key);
      if (answer !== undefined) {
        answers.delete(key);
        answers.set(key, answer); // the last to be forgotten
      }
      return answer;
    },
    set(key, answer) {
      answers.set(key, answer);
      size += sizeOf(answer);
      for (const [oldest, forgotten] of answers) {
        if (size <= MAX_REMEMBERED) {
          return;
        }
        answers.delete(oldest);
        size -= sizeOf(forgotten);
      }
    },
  };
}

function sizeOf({ counts, pairs, follows, followsBefore, windows }: ShardAnswer): number {
  const creators = 3 * counts.creatorIds.length + (follows?.size ?? 0) + (followsBefore?.size ?? 0);
  return (
    creators + (pairs === undefined ? 0 : pairs.viewerIds.length + 4 * pairs.viewers.length) + (windows?.length ?? 0)
  );
}

function areEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((text, index) => text === b[index]);
}
