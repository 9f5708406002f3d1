import fc from 'fast-check';
import { expect, it } from 'vitest';
import { identifierSchema } from './identifier.ts';
import { decodePathPart, encodePathPart, pathPart } from './path-part.ts';

it.each([
  ['.', '~.'],
  ['..', '~..'],
  ['~.', '~~.'],
  ['~~..', '~~~..'],
  ['...', '...'],
  ['~', '~'],
  ['~x.', '~x.'],
  ['a/b', 'a%2Fb'],
  ['%2e%2e', '%252e%252e'],
  ['a%2Fb', 'a%252Fb'],
])('writes %s as %s', (id, part) => {
  expect(encodePathPart(id)).toBe(part);
});

it('gives every id another part, which no client takes for a step, and the id back', () => {
  const id = fc.oneof(
    fc.string({ unit: fc.constantFrom('.', '~', '%', '2', 'e', '/', 'é', ' '), minLength: 1, maxLength: 6 }),
  );
  fc.assert(
    fc.property(id, (given) => {
      const { pathname } = new URL(`http://h/a/${encodePathPart(given)}/b`);
      const part = pathname.slice('/a/'.length, -'/b'.length);
      expect(decodePathPart(decodeURIComponent(part))).toBe(given);
      expect(pathPart(identifierSchema).parse(decodeURIComponent(part))).toBe(given);
    }),
    { numRuns: 2_000 },
  );
});
