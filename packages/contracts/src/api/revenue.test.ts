import { expect, it } from 'vitest';
import { revenueBodySchema } from './revenue.ts';

const correction = (corrects: string) =>
  revenueBodySchema.safeParse({ period: '2026-10', amount: '-1.00', reference: 'fix', corrects });

it('a correction can name every booking that there can be', () => {
  const longest = '\u{1f600}'.repeat(128);
  expect(revenueBodySchema.safeParse({ period: '2026-10', amount: '1.00', reference: longest }).success).toBe(true);
  expect(correction(`revenue:${longest}`).success).toBe(true);
});

it.each(['', 'revenue:', 'close:2026-10', 'revenue:a\u0000', 'revenue:\ud800', `revenue:${'a'.repeat(129)}`])(
  'a correction cannot name %j',
  (corrects) => {
    expect(correction(corrects).success).toBe(false);
  },
);
