import { expect, it } from 'vitest';
import { isTimeZone } from './time-zone.ts';

it.each([
  ['Asia/Jakarta', true],
  ['America/Sao_Paulo', true],
  ['UTC', true],
  ['asia/jakarta', false],
  ['+07:00', false],
  ['Mars/Base', false],
  ['Jakarta', false],
  ['', false],
])('%s is a time zone by its usual name: %s', (zone, expected) => {
  expect(isTimeZone(zone)).toBe(expected);
});
