import { sharesWindow } from '@rewardbook/domain/events/risk';
import type { AcceptedEvents } from '../events/accepted-events.ts';
import type { SeenRow } from './judged-close.ts';

/** Each viewer's events, for rules that look back. */
export interface Histories {
  /**
   * Of each viewer who has events among these, which a close judges: the events as far as a rule can look back, by `(occurredAt, id,
   * source)`. The viewer's earliest comes first.
   */
  grownAt(close: number, rows: Int32Array): Generator<SeenRow[]>;
}

interface Made {
  readonly events: AcceptedEvents;
  readonly seenRow: (row: number) => SeenRow;
}

/** @param byClose the events by the close that judges them; those that none judges play no part */
export function historiesOf(byClose: readonly Int32Array[], { events, seenRow }: Made): Histories {
  const viewerOf = (row: number): number => events.viewerOf(events.engagementOf(row));
  const starts = new Int32Array(events.viewers.size + 1);
  for (const rows of byClose) {
    for (const row of rows) {
      starts[viewerOf(row) + 1] = (starts[viewerOf(row) + 1] ?? 0) + 1;
    }
  }
  for (let viewer = 1; viewer < starts.length; viewer += 1) {
    starts[viewer] = (starts[viewer] ?? 0) + (starts[viewer - 1] ?? 0);
  }
  // Of each viewer the events by the close that judges them.
  const all = new Int32Array(starts.at(-1) ?? 0);
  const ends = starts.slice();
  const closes = new Int32Array(all.length);
  for (const [close, rows] of byClose.entries()) {
    for (const row of rows) {
      const place = ends[viewerOf(row)] ?? 0;
      all[place] = row;
      closes[place] = close;
      ends[viewerOf(row)] = place + 1;
    }
  }
  const lastSeen = new Int32Array(events.viewers.size);

  return {
    *grownAt(close, rows) {
      for (const row of rows) {
        const viewer = viewerOf(row);
        if (lastSeen[viewer] === close) {
          continue;
        }
        lastSeen[viewer] = close;
        const from = starts[viewer] ?? 0;
        let end = from;
        while (end < (starts[viewer + 1] ?? 0) && (closes[end] ?? 0) <= close) {
          end += 1;
        }
        yield history(all.slice(from, end), close);
      }
    },
  };

  /** Leaves out what lies before every window of what is judged, but for the earliest event. */
  function history(rows: Int32Array, close: number): SeenRow[] {
    const sorted = rows.sort((a, b) => events.compare(a, b));
    const first = sorted.findIndex((row) => seenRow(row).close === close);
    const judged = seenRow(sorted[first] ?? 0);
    let from = first;
    while (from > 0 && sharesWindow(seenRow(sorted[from - 1] ?? 0), judged)) {
      from -= 1;
    }
    const seen = Array.from(sorted.subarray(from), seenRow);
    return from === 0 ? seen : [seenRow(sorted[0] ?? 0), ...seen];
  }
}
