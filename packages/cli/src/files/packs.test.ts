import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { MAX_QUESTION } from '@rewardbook/contracts/api/lab-limits';
import { writeCreatorsCsv } from '@rewardbook/contracts/files/creators-csv-writer';
import type { PeriodResult } from '@rewardbook/domain/close/result';
import type { EngagementEvent } from '@rewardbook/domain/events/event';
import { type AllocationPolicy, policyHash } from '@rewardbook/domain/policy/policy';
import { revenueByPeriod } from '@rewardbook/lab/prepare/revenue';
import { formatAmount, parseAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { simulate } from '@rewardbook/simulate/closes/simulate';
import { generateCreators } from '@rewardbook/simulate/generator/creators';
import { generateEvents } from '@rewardbook/simulate/generator/events';
import type { Scenario } from '@rewardbook/simulate/generator/scenario';
import { describe, expect, it } from 'vitest';
import { creatorsOf, type Pack, packNames, readPack } from './pack.ts';

const SEEDS = fileURLToPath(new URL('../../../../seeds/', import.meta.url));
const EVENTS = 12_000;

/** Creators whose amounts a pack's README gives, and what the pack is played without to see the difference. */
interface Watched {
  readonly who: Readonly<Record<string, RegExp>>;
  readonly without?: 'bursts' | 'adversaries';
  readonly under?: AllocationPolicy['method'];
}

const WATCHED: Readonly<Record<string, Watched>> = {
  'africa-multi/ke': { who: { 'c0000003 and its accounts': /^c0000003/ }, without: 'adversaries' },
  'africa-multi/ng': { who: { c0000001: /^c0000001$/ } },
  'africa-multi/za': { who: { c0000001: /^c0000001$/ } },
  'burst-kr': { who: { c0000400: /^c0000400$/ }, without: 'bursts' },
  'challenge-jp': { who: { 'the sixty': /^c0000(0[6-9]|1[01])\d$/ }, without: 'bursts' },
  'gulf-live': { who: { c0000030: /^c0000030$/ }, without: 'adversaries', under: 'user-centric' },
  'kwai-br': { who: { c0000500: /^c0000500$/, c0000501: /^c0000501$/ }, without: 'adversaries' },
  'scout-in': { who: { 'c0000601 to 603': /^c000060[123]$/, 'c0000701 to 703': /^c000070[123]$/ } },
  'tiktok-cash-id': { who: { c0000001: /^c0000001$/ } },
};

interface Played {
  readonly pack: Pack;
  readonly events: readonly EngagementEvent[];
  readonly periods: readonly PeriodResult[];
}

/** A pack, unchanged, played once. */
function asIs(name: string): Promise<Played> {
  const known = plays.get(name);
  if (known !== undefined) {
    return known;
  }
  const played = play(name);
  plays.set(name, played);
  return played;
}
const plays = new Map<string, Promise<Played>>();

async function play(name: string, changes: Partial<Scenario> = {}, allocation?: AllocationPolicy): Promise<Played> {
  const pack = await readPack(name);
  const policy = allocation === undefined ? pack.policy : { ...pack.policy, allocation };
  const events = [...generateEvents({ ...pack.scenario, ...changes }, { events: EVENTS })];
  const { periods } = simulate({
    policies: [{ policy, policyHash: policyHash(policy), validFrom: null }],
    creators: await creatorsOf(pack),
    revenue: revenueByPeriod(pack.revenue, policy, MAX_QUESTION.periods),
    events,
  });
  return { pack, events, periods };
}

const readme = (name: string) => readFile(`${SEEDS}${name.split('/')[0]}/README.md`, 'utf8');

/** The table of a pack's README. */
async function figures(name: string): Promise<{ table: string; played: Played }> {
  const { who, without, under }: Watched = WATCHED[name] ?? { who: {} };
  const played = await asIs(name);
  const other = without === undefined ? undefined : await play(name, { [without]: [] });
  const byMethod = under === undefined ? undefined : await play(name, {}, { method: under });
  const currency = currencyOf(played.pack.policy.currency);
  const sum = (period: PeriodResult | undefined, those: RegExp) =>
    formatAmount(
      (period?.creators ?? [])
        .filter(({ creatorId }) => those.test(creatorId))
        .reduce((total, { amount }) => total + parseAmount(amount, currency), 0n),
      currency,
    );
  const watched = Object.entries(who).flatMap(([title, those]) => [
    { title, of: (index: number) => sum(played.periods[index], those) },
    ...(other ? [{ title: `without ${without}`, of: (index: number) => sum(other.periods[index], those) }] : []),
    ...(byMethod ? [{ title: `under ${under}`, of: (index: number) => sum(byMethod.periods[index], those) }] : []),
  ]);
  const head = [
    'period',
    'creators',
    `pool, ${currency.code}`,
    'gini',
    'top 10%',
    ...watched.map(({ title }) => title),
  ];
  const rows = played.periods.map(({ period, pool, metrics }, index) => [
    period,
    String(metrics.creators),
    pool,
    String(metrics.gini),
    String(metrics.top10Share),
    ...watched.map(({ of }) => of(index)),
  ]);
  const line = (cells: string[]) => `| ${cells.join(' | ')} |\n`;
  return { played, table: [head, head.map(() => '---'), ...rows].map(line).join('') };
}

it('every pack has figures here', async () => {
  expect(await packNames()).toEqual(Object.keys(WATCHED));
});

describe.each(Object.keys(WATCHED))('%s', (name) => {
  it('gives the figures of its README', async () => {
    const { table } = await figures(name);
    expect(await readme(name)).toContain(table);
  });

  it('has the creators that the generator makes, and revenue for every period of its events, each reference once', async () => {
    const { creators, scenario, revenue } = await readPack(name);
    expect(creators).toBe([...writeCreatorsCsv(generateCreators(scenario))].join(''));
    expect(new Set(revenue.map(({ reference }) => reference)).size).toBe(revenue.length);
    const periods = revenue.map(({ period }) => period);
    expect([periods.at(0), periods.at(-1)]).toEqual([scenario.firstPeriod, scenario.lastPeriod]);
  });
});

describe('what the packs show', () => {
  it('burst-kr: from nothing to a quarter of its followers in 3.5 hours, half in 13, all in five days; the cap holds it', async () => {
    const { events, periods, pack } = await asIs('burst-kr');
    const followers = events.filter(({ type, creatorId }) => type === 'follow' && creatorId === 'c0000400');
    const start = Date.parse('2026-10-14T12:00:00+09:00');
    const by = (hours: number) => followers.filter(({ occurredAt }) => occurredAt < start + hours * 3_600_000).length;
    const all = by(120);
    expect(by(0)).toBeLessThan(all / 50);
    expect(by(3.5) / all).toBeCloseTo(1 / 3.9, 1);
    expect(by(13) / all).toBeCloseTo(2 / 3.9, 1);
    const [, week] = periods;
    expect(pack.policy.allocation.maxShare).toBe('0.2');
    const amount = week?.creators.find(({ creatorId }) => creatorId === 'c0000400')?.amount;
    expect(Number(amount) * 5).toBe(Number(week?.pool));
  });

  it('gulf-live: ten viewers make more than half of all likes', async () => {
    const { events } = await asIs('gulf-live');
    const counts = new Map<string, number>();
    for (const { viewerId } of events) {
      counts.set(viewerId, (counts.get(viewerId) ?? 0) + 1);
    }
    const top = [...counts.values()].sort((a, b) => b - a).slice(0, 10);
    expect(top.reduce((a, b) => a + b, 0)).toBeGreaterThan(EVENTS / 2);
  });

  it('kwai-br: a rule on age catches accounts that follow immediately, not those that wait', async () => {
    const { periods, pack } = await asIs('kwai-br');
    const follows = (creatorId: string) => periods[0]?.creators.find((row) => row.creatorId === creatorId)?.netFollows;
    expect(pack.policy.risk.minViewerAgeHours).toBe(24);
    expect(follows('c0000500') ?? 0).toBeLessThan(5);
    expect(follows('c0000501')).toBeGreaterThan(100);
    // The report lists what the rule lets through: all of these accounts and no others.
    const listed = new Set(periods.flatMap(({ lockstep = [] }) => lockstep.flatMap(({ viewers }) => viewers)));
    expect(listed.size).toBe(150);
    expect([...listed].filter((viewerId) => !viewerId.startsWith('x1-'))).toEqual([]);
  });
});
