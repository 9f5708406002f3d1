import type { PeriodResult } from '@rewardbook/domain/close/result';
import type { EngagementEvent } from '@rewardbook/domain/events/event';
import { type Acceptance, AcceptedEvents, type EventPositions } from '../events/accepted-events.ts';
import type { PeriodClose } from './period-result.ts';
import { closesOf, periodCloses, planSimulation } from './plan-simulation.ts';
import type { SimulationOptions, SimulationResult } from './simulation.ts';

/** A simulation that takes its events one by one, in any order, and closes its periods at the end. */
export interface Simulation {
  add(event: EngagementEvent): Acceptance;
  /** Adds an event that was read from bytes, without an object for it; not where `seenAt` is asked. */
  addBytes(bytes: Uint8Array, at: EventPositions): Acceptance;
  /** Each period from the first to the last that has revenue, in order. To be read once, after the last event. */
  closes(): Generator<PeriodResult, void, undefined>;
  /** `closes()` before they are written out. To be read instead of them, once. */
  periodCloses(): Generator<PeriodClose, void, undefined>;
  /** All of `closes()` with its head. */
  finish(): SimulationResult;
}

/** Throws DomainError `bad-close` without revenue or policy, `bad-period` for revenue of a period of another kind. */
export function createSimulation(options: SimulationOptions): Simulation {
  const plan = planSimulation(options);
  const accepted = new AcceptedEvents(options.seenAt);
  return {
    add: (event) => accepted.add(event),
    addBytes: (bytes, at) => accepted.addBytes(bytes, at),
    closes: () => closesOf(plan, accepted),
    periodCloses: () => periodCloses(plan, accepted),
    finish: () => ({ ...plan.head, periods: [...closesOf(plan, accepted)] }),
  };
}

/**
 * A program's results by the same rules as the ledger's, from nothing but its inputs: events may come in any order and
 * repeatedly; of two with the same identity the first is kept.
 */
export function simulate(input: SimulationOptions & { readonly events: Iterable<EngagementEvent> }): SimulationResult {
  const simulation = createSimulation(input);
  for (const event of input.events) {
    simulation.add(event);
  }
  return simulation.finish();
}
