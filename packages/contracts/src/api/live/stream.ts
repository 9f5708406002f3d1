import type { z } from 'zod';

/** How a stream of server-sent events is documented: its events by name, each with its data as JSON. */
export function eventStreamOf(events: z.ZodType) {
  return {
    description:
      'Server-sent events, each with its name in `event` and one JSON value in `data`, as listed here by name. At first all of them, which ' +
      'is the whole state; then those that change, each whole. Nothing has to be resumed: whoever was away asks again.',
    content: { 'text/event-stream': { schema: events } },
  };
}
