import { describe, expect, it } from 'vitest';
import { MAX_KEPT_BODY, shownBody } from './refused-event.ts';

describe('what is kept of a refused event', () => {
  it('is its beginning', () => {
    expect(shownBody({ id: 1 })).toBe('{"id":1}');
    expect(shownBody('x'.repeat(10_000))).toHaveLength(MAX_KEPT_BODY);
  });

  // Otherwise one such value would also lose the good ones in its body.
  it('is nothing if a value is nested too deep to be written', () => {
    const depth = 200_000;
    expect(shownBody(JSON.parse('['.repeat(depth) + ']'.repeat(depth)))).toBe('');
  });
});
