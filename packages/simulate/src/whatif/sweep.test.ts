import { describe, expect, it } from 'vitest';
import { likes, simulated } from '../closes/test-story.ts';
import { compareOutcomes } from './compare.ts';
import { type OutcomeInputs, outcomeUnder } from './outcome.ts';
import { estimatePoints, type GridPoint, sweep } from './sweep.ts';

const inputs: OutcomeInputs = { creators: [], revenue: new Map([['2026-10', 1000n]]) };
const capped = (maxShare: string): GridPoint => ({
  settings: { 'allocation.maxShare': maxShare },
  ...simulated({ allocation: { method: 'pro-rata', maxShare } }),
});

describe('sweep', () => {
  const events = likes({ a: 8, b: 1, c: 1 });
  const points = [...sweep(simulated(), [capped('1'), capped('0.4')], inputs, events)];

  it('gives each point the measures of its own outcome', () => {
    expect(points.map(({ settings, allocated, undistributed }) => [settings, allocated, undistributed])).toEqual([
      [{ 'allocation.maxShare': '1' }, '1000', '0'],
      [{ 'allocation.maxShare': '0.4' }, '1000', '0'],
    ]);
    expect(points[1]?.metrics).toEqual(outcomeUnder(capped('0.4'), inputs, events).metrics);
  });

  it('compares with the unchanged policy', () => {
    expect(points[0]).toMatchObject({ winners: 0, losers: 0, unchanged: 3, moneyMoved: '0' });
    const { winners, losers, moneyMoved } = compareOutcomes(
      outcomeUnder(simulated(), inputs, events),
      outcomeUnder(capped('0.4'), inputs, events),
    );
    expect(points[1]).toMatchObject({ winners, losers, moneyMoved });
    expect(moneyMoved).toBe('400');
  });

  it('refuses a point of another kind of program', () => {
    const won: GridPoint = { settings: {}, ...simulated({ currency: 'KRW' }) };
    expect(() => [...sweep(simulated(), [won], inputs, events)]).toThrow(/currency is JPY in one and KRW/);
  });
});

describe('estimatePoints', () => {
  it('takes each figure of a point over the runs, money as a fraction of what was funded', () => {
    const runs = [
      { a: 8, b: 2 },
      { a: 6, b: 4 },
    ].map((counts) => [...sweep(simulated(), [capped('0.5'), capped('1')], inputs, likes(counts))]);
    const [half, whole] = estimatePoints(runs);
    expect(half?.settings).toEqual({ 'allocation.maxShare': '0.5' });
    expect(half?.estimates.moneyMoved).toMatchObject({
      runs: 2,
      mean: '0.200000',
      least: '0.100000',
      most: '0.300000',
    });
    expect(whole?.estimates.gini).toMatchObject({ runs: 2, mean: '0.200000', least: '0.100000', most: '0.300000' });
    expect(whole?.estimates.allocated?.mean).toBe('1.000000');
  });

  it('leaves out runs that lack a figure', () => {
    const runs = [{ a: 8 }, { a: 6, b: 4, c: 1 }].map((counts) => [
      ...sweep(simulated(), [capped('1')], inputs, likes(counts)),
    ]);
    expect(estimatePoints(runs)[0]?.estimates.palma).toMatchObject({ runs: 1, low: null });
  });
});
