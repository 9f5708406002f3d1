import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readScenario } from './scenario.ts';

const text = readFileSync(new URL('../../../../seeds/tiktok-cash-id/scenario.yaml', import.meta.url), 'utf8');

describe('readScenario', () => {
  it.each([
    [/^events: .*$/m, 'events: many', /^events: a whole number/],
    [/^viewers: .*$/m, 'viewers: 0', /^viewers: a whole number from 1/],
    [/^timeZone: .*$/m, '', /^timeZone: text/],
    [/^unlikeProbability: .*$/m, 'unlikeProbability: 1.5', /^unlikeProbability: a number from 0 to 1/],
    [/^activityByWeekday: .*$/m, 'activityByWeekday: [1, 2]', /^activityByWeekday: a list of 7/],
    [/^seed: .*$/m, 'seed: 1\nspeed: 2', /^speed: not a key/],
    [/^seed: .*$/m, 'seed: 1\ncountry: XX', /^country: one of ID, KR/],
    [
      /^seed: .*$/m,
      'seed: 1\nbursts: [{ eventFraction: 0.1, curve: [[2, 1], [1, 1]] }]',
      /^bursts\[0\]\.curve: points/,
    ],
    [/^seed: .*$/m, 'seed: 1\nadversaries: [{ kind: bot }]', /^adversaries\[0\]\.kind: one of bought-followers/],
    [/^seed: .*$/m, 'seed: 1\nadversaries: [{ kind: whale, size: 1 }]', /^adversaries\[0\]\.size: not a key/],
    [
      /^seed: .*$/m,
      'seed: 1\nadversaries: [{ kind: whale, eventFraction: 0.6 }, { kind: whale, eventFraction: 0.6 }]',
      /^eventFraction: bursts and/,
    ],
    [/^[\s\S]*$/, '- 1', /one key a line/],
  ])('refuses %s as %j', (line, replacement, message) => {
    expect(() => readScenario(text.replace(line, replacement))).toThrow(message);
  });
});
