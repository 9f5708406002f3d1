import { expect, it } from 'vitest';
import { eventTaker, type StreamEvent } from './read-events.ts';

it('events are those of the whole text, wherever its pieces end', () => {
  const text =
    'retry: 2000\n\nevent: rates\ndata: {"a":"é\u2028"}\n\n: alive\n\ndata: 1\ndata: 2\n\nevent: cut\ndata: 3';
  const expected = [
    { name: 'rates', data: '{"a":"é\u2028"}' },
    { name: 'message', data: '1\n2' },
  ];
  for (let size = 1; size <= text.length; size += 1) {
    const events: StreamEvent[] = [];
    const take = eventTaker((event) => events.push(event));
    for (let at = 0; at < text.length; at += size) {
      take(text.slice(at, at + size));
    }
    expect(events).toEqual(expected);
  }
});
