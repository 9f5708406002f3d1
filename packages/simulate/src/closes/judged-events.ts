import { judge, judgingClose, needsHistory } from '@rewardbook/domain/events/risk';
import type { Policy } from '@rewardbook/domain/policy/policy';
import type { RiskRule } from '@rewardbook/domain/policy/risk-rule';
import type { AcceptedEvents } from '../events/accepted-events.ts';
import { EventRow } from '../events/event-row.ts';
import { type Histories, historiesOf } from './histories.ts';
import type { JudgedClose, SeenRow } from './judged-close.ts';
import { mayBeExcluded } from './may-be-excluded.ts';

/** An event, by its number, the rule that excludes it (none means that it counts), and whether it enters the register. */
export type RowVerdict = (event: number, excludedBy: RiskRule | undefined, entersRegister: boolean) => void;

/** The events of a program by the close that judges them, and of each viewer as far as the rules look back. */
export interface JudgedEvents {
  /** Numbers of the events that a close judges, in the order in which they came. */
  of(close: number): Int32Array;
  judge(close: JudgedClose, verdict: RowVerdict): void;
}

export interface JudgedEventsInput {
  readonly events: AcceptedEvents;
  /** How many closes there are. */
  readonly count: number;
  /** All policies of the program: what a later one looks back on is kept from the start. */
  readonly policies: readonly Policy[];
  /** Number of the first close that saw an event; 0 where none did. */
  readonly seenAt: (event: number) => number;
  /** Number of the period that an instant lies in: 1 for the first, 0 and below for those before it. */
  readonly periodOf: (epochMilliseconds: number) => number;
}

export function judgedEvents({ events, count, policies, seenAt, periodOf }: JudgedEventsInput): JudgedEvents {
  const closeOf = (event: number): number => {
    const seen = seenAt(event);
    return seen === 0 ? 0 : judgingClose(seen, periodOf(events.occurredAt(event)));
  };
  const byClose = rowsByClose(events, closeOf, count);
  const seenRow = (row: number): SeenRow => {
    const period = periodOf(events.occurredAt(row));
    return { event: new EventRow(events, row), period, close: judgingClose(seenAt(row), period) };
  };
  const singledOut = mayBeExcluded(events, (row, close) => close > Math.max(periodOf(events.occurredAt(row)), 1));
  let histories: Histories | undefined;
  if (policies.some(({ risk }) => needsHistory(risk))) {
    histories = historiesOf(byClose, { events, seenRow });
  }

  return {
    of: (close) => byClose[close] ?? NOTHING,
    judge({ close, policy, creators }, verdict) {
      const judgeSeen = judge({ close, policy, isOwnViewer: creators.isOwnViewer });
      const rows = byClose[close] ?? NOTHING;
      if (histories !== undefined && needsHistory(policy.risk)) {
        for (const history of histories.grownAt(close, rows)) {
          judgeSeen(history, ({ event }, rule, enters) => verdict(event.row, rule, enters));
        }
        return;
      }
      const mayExclude = singledOut({ close, policy, creators });
      for (const row of rows) {
        // Events that no rule can exclude need not be judged.
        if (mayExclude(row)) {
          judgeSeen([seenRow(row)], (_, rule, enters) => verdict(row, rule, enters));
        } else {
          verdict(row, undefined, true);
        }
      }
    },
  };
}

const NOTHING = new Int32Array(0);

function rowsByClose(events: AcceptedEvents, closeOf: (event: number) => number, count: number): Int32Array[] {
  const sizes = new Int32Array(count + 1);
  for (let event = 0; event < events.size; event += 1) {
    const close = closeOf(event);
    if (close >= 1 && close <= count) {
      sizes[close] = (sizes[close] ?? 0) + 1;
    }
  }
  const byClose = Array.from(sizes, (size) => (size === 0 ? NOTHING : new Int32Array(size)));
  sizes.fill(0);
  for (let event = 0; event < events.size; event += 1) {
    const close = closeOf(event);
    const rows = byClose[close];
    if (rows === undefined || close === 0) {
      continue;
    }
    const place = sizes[close] ?? 0;
    rows[place] = event;
    sizes[close] = place + 1;
  }
  return byClose;
}
