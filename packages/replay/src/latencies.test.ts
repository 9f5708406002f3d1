import { expect, it } from 'vitest';
import { Latencies } from './latencies.ts';

it('gives percentiles to three digits, whatever the size', () => {
  const latencies = new Latencies();
  expect(latencies.percentile(50)).toBe(0);
  for (let us = 1; us <= 100; us += 1) {
    latencies.record(us * 12_345);
  }
  for (const share of [1, 50, 95, 100]) {
    expect(Math.abs(latencies.percentile(share) / (share * 12_345) - 1)).toBeLessThan(0.001);
  }
});
