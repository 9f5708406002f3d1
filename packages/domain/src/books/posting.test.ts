import { describe, expect, it } from 'vitest';
import { balanced } from './posting.ts';
import { revenueEntry } from './revenue-entry.ts';

describe('an entry', () => {
  it('has two or more postings that sum to zero', () => {
    expect(() => [...balanced([{ account: 'a', amount: 0n }])]).toThrow(
      expect.objectContaining({ code: 'bad-posting' }),
    );
    const off = [
      { account: 'a', amount: 1n },
      { account: 'b', amount: -2n },
    ];
    expect(() => [...balanced(off)]).toThrow('sum to zero, these to -1');
  });
});

describe('revenue booked: ad-receivable → ad-revenue', () => {
  it('has the reference as its natural key', () => {
    const entry = revenueEntry({ period: '2026-10', amount: 150000n, reference: 'r1', bookedOn: '2026-11-02' });
    expect(entry).toMatchObject({
      key: 'revenue:r1',
      kind: 'revenue',
      effectiveAt: '2026-11-02',
      details: { period: '2026-10', reference: 'r1' },
    });
    expect([...balanced(entry.postings)]).toEqual([
      { account: 'platform:ad-receivable', amount: 150000n },
      { account: 'platform:ad-revenue', amount: -150000n },
    ]);
  });

  it('a correction names the entry that it corrects, and may be negative', () => {
    const booking = {
      period: '2026-11',
      amount: -500n,
      reference: 'r2',
      bookedOn: '2026-12-01',
      corrects: 'revenue:r1',
    };
    const entry = revenueEntry(booking);
    expect(entry.reverses).toBe('revenue:r1');
    expect(entry.details).toEqual({ period: '2026-11', reference: 'r2', corrects: 'revenue:r1' });
    expect([...balanced(entry.postings)][0]).toEqual({ account: 'platform:ad-receivable', amount: -500n });
  });
});
