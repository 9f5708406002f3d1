import fc from 'fast-check';
import { expect, it } from 'vitest';
import { allOf, fixed, piece, toQuery } from './sql-piece.ts';

it('values are numbered in their order, and never stand in the text', () => {
  const inner = piece`b = ${'x; DROP TABLE payout'} OR ${fixed('c')} IS NULL`;
  const query = toQuery(piece`SELECT ${1} WHERE a = ${null} AND (${inner}) LIMIT ${2}`);
  expect(query).toEqual({
    text: 'SELECT $1 WHERE a = $2 AND (b = $3 OR c IS NULL) LIMIT $4',
    values: [1, null, 'x; DROP TABLE payout', 2],
  });
  expect(toQuery(allOf([])).text).toBe('true');
});

it('however pieces are put together, there is a parameter for each value', () => {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.constant(null)).map((value) => piece`x = ${value}`);
  const pieces = fc.array(leaf, { maxLength: 8 }).map((conditions) => piece`(${allOf(conditions)})`);
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 5 }), (parts) => {
      const { text, values } = toQuery(allOf(parts));
      expect(text.match(/\$\d+/g) ?? []).toEqual(values.map((_, index) => `$${index + 1}`));
    }),
  );
});
