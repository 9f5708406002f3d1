import { type Policy, policyHash } from '@rewardbook/domain/policy/policy';
import { DomainError } from '@rewardbook/domain/values/error';
import { MoneyError } from '@rewardbook/money/error';
import { attack } from '@rewardbook/simulate/attack/attack';
import { attackCases } from '@rewardbook/simulate/attack/cases';
import { MANIPULATIONS, searchManipulation } from '@rewardbook/simulate/attack/search';
import { closesOf, planSimulation } from '@rewardbook/simulate/closes/plan-simulation';
import { type AcceptedEvents, accepted } from '@rewardbook/simulate/events/accepted-events';
import type { Scenario } from '@rewardbook/simulate/generator/scenario';
import { screen } from '@rewardbook/simulate/screen/screen';
import { compareOutcomes } from '@rewardbook/simulate/whatif/compare';
import type { OutcomeInputs } from '@rewardbook/simulate/whatif/outcome';
import { estimatePoints, type MeasuredPoint, sweep } from '@rewardbook/simulate/whatif/sweep';
import { trials } from '@rewardbook/simulate/whatif/trials';
import { prepare } from './prepare.ts';
import { readEvents } from './read-events.ts';
import { readQuestion } from './read-question.ts';
import { readBooks } from './recorded.ts';
import { type EventSource, type JobProgress, type Question, Unanswerable, type Work } from './work.ts';

type Tell = (progress: JobProgress) => void;

/** Answers a question: the JSON that the command of its name prints. Throws Unanswerable where it has no answer. */
export async function answer(work: Work, tell: Tell): Promise<Uint8Array> {
  const { source, maxEvents, maxAnswerBytes } = work;
  const { question } = prepare(readQuestion(work.body), work.limits);
  const pieces: Buffer[] = [];
  let bytes = 0;
  const put = (text: string): void => {
    const piece = Buffer.from(text, 'utf8');
    bytes += piece.length;
    if (bytes > maxAnswerBytes) {
      throw new Unanswerable('answer-too-large', `The answer is longer than ${maxAnswerBytes} bytes; ask about less`);
    }
    pieces.push(piece);
  };
  try {
    const read = (from: EventSource) => readEvents(from, { maxEvents, tell });
    if (question.question === 'sweep' && question.seeds !== undefined && source.kind === 'scenario') {
      put(await estimated(question, source.scenario, question.seeds, { read, tell }));
    } else {
      const events = await read(source);
      const books = source.kind === 'recorded' ? await readBooks(source) : {};
      for (const text of texts(question, { events, ...books }, tell)) {
        put(text);
      }
    }
  } catch (error) {
    if (error instanceof DomainError || error instanceof MoneyError) {
      throw new Unanswerable(error.code, error.message);
    }
    throw error;
  }
  return new Uint8Array(Buffer.concat(pieces));
}

/** Events, and what the books say of the closes that saw them. */
interface Given extends Pick<OutcomeInputs, 'closed' | 'past'> {
  readonly events: AcceptedEvents;
}

function* texts(asked: Question, { events, closed, past }: Given, tell: Tell): Generator<string> {
  const { creators, revenue } = asked;
  const inputs = { creators, revenue, closed, past };
  switch (asked.question) {
    case 'simulate': {
      const { policy } = asked;
      const made = planSimulation({ ...inputs, policies: [{ ...hashed(policy), validFrom: null }] });
      yield `${JSON.stringify({ program: policy.program, policyHash: policyHash(policy) }).slice(0, -1)},"periods":[`;
      let done = 0;
      for (const result of closesOf(made, accepted(events))) {
        yield `${done === 0 ? '' : ','}${JSON.stringify(result)}`;
        done += 1;
        tell({ phase: 'periods', done, total: null });
      }
      yield ']}';
      return;
    }
    case 'compare': {
      const outcomeUnder = trials(inputs, events);
      const a = outcomeUnder(hashed(asked.a));
      tell({ phase: 'policies', done: 1, total: 2 });
      const b = outcomeUnder(hashed(asked.b));
      tell({ phase: 'policies', done: 2, total: 2 });
      yield JSON.stringify(compareOutcomes(a, b));
      return;
    }
    case 'sweep': {
      const base = hashed(asked.policy);
      const points = [];
      for (const point of sweep(base, asked.points, inputs, events)) {
        points.push(point);
        tell({ phase: 'points', done: points.length, total: asked.points.length });
      }
      yield JSON.stringify({ ...headOf(asked), points });
      return;
    }
    case 'search': {
      const { policies, trials, seed } = asked;
      const found = [];
      for (const [index, policy] of policies.entries()) {
        for (const manipulation of MANIPULATIONS) {
          found.push({ policy: `policy ${index + 1}`, ...searchManipulation(policy, manipulation, trials, seed) });
          tell({ phase: 'searches', done: found.length, total: policies.length * MANIPULATIONS.length });
        }
      }
      yield JSON.stringify({ trials, seed, found });
      return;
    }
    case 'attack': {
      const { policies, plan, prices } = asked;
      const cases = policies.flatMap((policy, index) => attackCases(`policy ${index + 1}`, policy));
      const results = [];
      for (const result of attack(plan, prices, cases, inputs, events)) {
        results.push(result);
        tell({ phase: 'cases', done: results.length, total: cases.length });
      }
      const { kind, creatorIds } = plan;
      yield JSON.stringify({ kind, creatorIds, currency: policies[0]?.currency, results });
      return;
    }
    case 'screen': {
      const found = screen(asked.policy, creators, events, asked.options, closed);
      yield JSON.stringify({ ...found, creators: found.creators.slice(0, asked.top) });
    }
  }
}

type Sweep = Extract<Question, { readonly question: 'sweep' }>;

/** A sweep over seeds of a scenario, from its own upwards. */
async function estimated(
  asked: Sweep,
  scenario: Scenario,
  seeds: number,
  { read, tell }: { readonly read: (source: EventSource) => Promise<AcceptedEvents>; readonly tell: Tell },
): Promise<string> {
  const runs: MeasuredPoint[][] = [];
  for (let run = 0; run < seeds; run += 1) {
    const events = await read({ kind: 'scenario', scenario: { ...scenario, seed: scenario.seed + run } });
    runs.push([...sweep(hashed(asked.policy), asked.points, asked, events)]);
    tell({ phase: 'seeds', done: runs.length, total: seeds });
  }
  const span = [scenario.seed, scenario.seed + seeds - 1];
  return JSON.stringify({ ...headOf(asked), seeds: span, interval: 't95', points: estimatePoints(runs) });
}

function headOf({ policy, set }: Sweep) {
  return { program: policy.program, policyHash: policyHash(policy), parameters: set };
}

function hashed(policy: Policy) {
  return { policy, policyHash: policyHash(policy) };
}
