import { compareEvents } from '@rewardbook/domain/event';
import type { Policy } from '@rewardbook/domain/policy';
import { type Judge, needsHistory, type SeenEvent, type Verdict } from '@rewardbook/domain/risk';

/** The events of a program by the close that judges them, and of each viewer as far as the rules look back. */
export interface JudgedEvents {
  /** Judges the events of the next close; to be called for each close in turn. */
  judge(close: number, policy: Policy, judge: Judge, verdict: Verdict): void;
}

/**
 * @param byClose events by the number of the close that judges them
 * @param policies all policies of the program: what a later one looks back on is kept from the start
 */
export function judgedEvents(byClose: readonly (readonly SeenEvent[])[], policies: readonly Policy[]): JudgedEvents {
  const keepsHistory = policies.some(({ risk }) => needsHistory(risk));
  const histories = new Map<string, SeenEvent[]>();
  return {
    judge(close, { risk }, judge, verdict) {
      const events = byClose[close] ?? [];
      const grown = keepsHistory ? addTo(histories, events) : [];
      if (!needsHistory(risk)) {
        judge(events, verdict);
        return;
      }
      for (const history of grown) {
        history.sort((a, b) => compareEvents(a.event, b.event));
        judge(history, verdict);
      }
    },
  };
}

/** Adds events to their viewers' histories, unsorted, and gives the histories that grew. */
function addTo(histories: Map<string, SeenEvent[]>, events: readonly SeenEvent[]): Iterable<SeenEvent[]> {
  const grown = new Set<SeenEvent[]>();
  for (const seen of events) {
    let history = histories.get(seen.event.viewerId);
    if (history === undefined) {
      history = [];
      histories.set(seen.event.viewerId, history);
    }
    history.push(seen);
    grown.add(history);
  }
  return grown;
}
