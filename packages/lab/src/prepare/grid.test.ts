import { describe, expect, it } from 'vitest';
import { testPolicy } from '../test-policy.ts';
import { gridOf } from './grid.ts';

const POLICY = testPolicy();
const LIMITS = { gridSize: 6, gridBytes: 1_000_000 };
const FOLLOW = { path: 'weights.follow', values: ['1', '2', '3'] };
const CAP = { path: 'allocation.maxShare', values: ['0.1', '0.2'] };

describe('gridOf', () => {
  it('has every combination, the last key changing fastest', () => {
    expect(gridOf(POLICY, [FOLLOW, CAP], LIMITS).map(({ settings }) => Object.values(settings))).toEqual([
      ['1', '0.1'],
      ['1', '0.2'],
      ['2', '0.1'],
      ['2', '0.2'],
      ['3', '0.1'],
      ['3', '0.2'],
    ]);
  });

  it('refuses one point too many, and policies that are too large together', () => {
    const more = { ...FOLLOW, values: [...FOLLOW.values, '4'] };
    expect(() => gridOf(POLICY, [more, CAP], LIMITS)).toThrow('The grid has 8 points; at most 6 are measured');
    expect(() => gridOf(POLICY, [FOLLOW, CAP], { ...LIMITS, gridBytes: 1_000 })).toThrow(
      expect.objectContaining({ code: 'too-large' }),
    );
  });

  it.each([
    ['a key that no policy has', { path: 'weights.share', values: ['1'] }, 'weights.share=1'],
    ['a value that no policy has', { path: 'allocation.maxShare', values: ['2'] }, 'allocation.maxShare=2'],
    ['a name that reaches a prototype', { path: '__proto__.kind', values: ['x'] }, '__proto__.kind=x'],
  ])('names the point that has %s', (_, axis, text) => {
    expect(() => gridOf(POLICY, [axis], LIMITS)).toThrow(
      expect.objectContaining({ code: 'bad-policy', setting: expect.objectContaining({ kind: 'set', text }) }),
    );
  });

  it('refuses a policy of another kind of program: its outcome cannot be compared', () => {
    const axis = { path: 'currency', values: ['USD'] };
    expect(() => gridOf(POLICY, [axis], LIMITS)).toThrow('currency is IDR in one and USD in the other');
  });
});
