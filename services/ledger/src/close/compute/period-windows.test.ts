import { MS_PER_DAY } from '@rewardbook/domain/values/calendar';
import { parseInstant } from '@rewardbook/domain/values/instant';
import { periodAt } from '@rewardbook/domain/values/period';
import { describe, expect, it } from 'vitest';
import { windowsBetween, windowsOfDays } from './period-windows.ts';

describe('the windows of days', () => {
  // One such event would otherwise keep its batch from ever being tallied, and a close with limits from ever being done.
  it.each([
    ['month', 'America/Sao_Paulo'],
    ['day', 'America/Sao_Paulo'],
    ['week', 'UTC'],
    ['month', 'Asia/Jakarta'],
  ] as const)('go back to the earliest instant an event can have: a %s in %s', async (periodKind, timeZone) => {
    const earliest = parseInstant('0000-01-01T00:00:00Z') ?? 0;
    const { bounds, labels } = await windowsOfDays({ periodKind, timeZone }, [Math.floor(earliest / MS_PER_DAY)]);
    const place = bounds.findLastIndex((bound) => bound <= earliest);
    expect(labels[place]).toBe(periodAt(earliest, periodKind, timeZone));
    expect(bounds[place + 1]).toBeGreaterThan(earliest);
  });

  it('leave no instant between their bounds out, and keep what is far apart apart', async () => {
    const zone = { periodKind: 'month', timeZone: 'UTC' } as const;
    const from = Date.parse('2026-01-31T23:59:59.999Z');
    const to = Date.parse('2026-03-01T00:00:00Z');
    const start = (month: string): number => Date.parse(`${month}-01T00:00:00Z`);
    expect(await windowsBetween(zone, from, to)).toEqual({
      bounds: ['2026-01', '2026-02', '2026-03', '2026-04'].map(start),
      labels: ['2026-01', '2026-02', '2026-03', '2026-03'],
    });
    expect(await windowsOfDays(zone, [to / MS_PER_DAY, Math.floor(start('2020-05') / MS_PER_DAY)])).toEqual({
      bounds: ['2020-05', '2020-06', '2026-03', '2026-04'].map(start),
      labels: ['2020-05', '2020-05', '2026-03', '2026-03'],
    });
  });

  it('are worked out in pieces, between which others go on', async () => {
    const days = Array.from({ length: 4_000 }, (_, index) => 2 * index);
    let turns = 0;
    const turning = setInterval(() => {
      turns += 1;
    }, 1);
    const { labels } = await windowsOfDays({ periodKind: 'day', timeZone: 'Asia/Jakarta' }, days);
    clearInterval(turning);
    expect(labels.length).toBeGreaterThan(8_000);
    expect(turns).toBeGreaterThan(10);
  });
});
