import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable, Writable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { parseEvent } from '@rewardbook/contracts/events/event';
import type { PeriodResult } from '@rewardbook/domain/close/result';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { type Policy, policyHash } from '@rewardbook/domain/policy/policy';
import { seededRandom } from '@rewardbook/replay/random';
import { simulate } from '@rewardbook/simulate/closes/simulate';
import { describe, expect, it } from 'vitest';
import { testPolicy } from '../../../../test/support/test-policy.ts';
import type { Io } from '../terminal/io.ts';
import { simulateEvents } from './simulate-events.ts';

const TOGETHER = { threads: 3, threadsFromBytes: 0, blockBytes: 4096 };
const ALONE = { ...TOGETHER, threads: 1 };

const creator = (creatorId: string, viewerIds: string[]): RegisteredCreator => ({
  creatorId,
  handle: null,
  country: 'ID',
  joinedOn: '2026-10-01',
  followers: 2,
  viewerIds,
  taxCountry: null,
  payee: null,
  account: null,
});

// All that goes from thread to thread: pairs, exclusions, windows, followers, void and negative points.
const POLICY: Policy = testPolicy({
  currency: 'JPY',
  timeZone: 'Asia/Tokyo',
  period: 'day',
  revenueShare: '1',
  weights: { like: '1', follow: '3' },
  allocation: { method: 'blend', lambda: '0.5' },
  eligibility: { registeredOnly: false, minFollowers: 1, minPoints: '2', minAccountAgeDays: 0 },
  boosts: [{ name: 'rising', when: { minGrowth: '0.1' }, multiplier: '1.5' }],
  risk: {
    blockedViewers: ['v3'],
    maxEventsPerViewerPerHour: 9,
    maxTogglesPerEngagement: 4,
    maxLikesPerPair: 6,
    minViewerAgeHours: 1,
    lockstep: { viewers: 2, targets: 1, windowSeconds: 600, maxWindowViewers: 9 },
  },
});
const OPTIONS = {
  policies: [{ policy: POLICY, policyHash: policyHash(POLICY), validFrom: null }],
  creators: [creator('c1', ['v1']), creator('c\uffee', [])],
  revenue: new Map([
    ['2026-10-02', 1_000n],
    ['2026-10-05', 77n],
  ]),
};

/** Lines as people and programs write them: some escaped, some not JSON, some blank, some twice, some in conflict. */
function lines(count: number): string[] {
  const below = seededRandom('lines');
  const made: string[] = [];
  for (let n = 0; n < count; n += 1) {
    const isLike = below(4) > 0;
    const viewer = below(40);
    const event = {
      id: `${below(10) === 0 ? '\u{1f600}"\\' : 'x'}${below(count)}`,
      ...(below(3) === 0 ? { source: ['app', '\u00fc', '\ufeffs'][below(3)] } : {}),
      type: `${below(4) === 0 ? 'un' : ''}${isLike ? 'like' : 'follow'}`,
      viewerId: viewer < 5 ? `v\u{1f600}${viewer}` : `v${viewer}`,
      creatorId: ['c1', 'c2', 'c\u{1f600}', 'c\uffee', 'c 3', 'v9'][below(6)],
      ...(isLike ? { contentId: `k${below(9)}` } : {}),
      occurredAt: new Date(Date.UTC(2026, 9, 1) + below(500) * 900_000).toISOString(),
    };
    const text = JSON.stringify(event);
    const escaped = text.replaceAll(
      /[\u0080-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    );
    const line = [text, text, escaped, text.replaceAll('":"', '": "'), `${text}\r`][below(5)] ?? text;
    made.push(line);
    if (below(30) === 0) {
      made.push(['', ' \t', '{', '[]', '{"id":"x"}'][below(5)] ?? '');
    }
    if (below(20) === 0) {
      made.push(made[below(made.length)] ?? '');
    }
  }
  return made;
}

const LINES = lines(3_000);

/** @param file left out, the bytes come by stdin */
async function run(
  bytes: Buffer,
  threading: typeof ALONE,
  file = '-',
): Promise<{ periods: PeriodResult[]; said: string }> {
  let said = '';
  const stderr = new Writable({
    write(chunk, _encoding, done) {
      said += String(chunk);
      done();
    },
  });
  const stdin = Readable.from([bytes.subarray(0, 1_000), bytes.subarray(1_000, 1_001), bytes.subarray(1_001)]);
  const io: Io = { stdin, stdout: new PassThrough(), stderr, env: {}, signal: new AbortController().signal };
  const periods: PeriodResult[] = [];
  for await (const period of simulateEvents(OPTIONS, file, io, threading)) {
    periods.push(period);
  }
  return { periods, said: said.replaceAll(/^events .*\n/gm, '') }; // progress, which depends on the clock
}

describe('a simulation of a file', { timeout: 90_000 }, () => {
  const bytes = Buffer.from(LINES.join('\n'));

  it('gives the same periods, and says the same of the lines, in one thread and in three', async () => {
    const alone = await run(bytes, ALONE);
    const together = await run(bytes, TOGETHER);
    expect(together).toEqual(alone);
    expect(await run(gzipSync(bytes), TOGETHER)).toEqual(alone);
    // The comparison is not of empty results:
    expect(alone.said).toMatch(/ [1-9]\d* duplicates, [1-9]\d* conflicts, [1-9]\d* rejected/);
    expect(alone.periods.map(({ excluded }) => excluded.length)).not.toContain(0);
    expect(alone.periods.flatMap(({ lockstep }) => lockstep ?? [])).not.toEqual([]);
    expect(alone.periods.map(({ pool }) => pool)).toContain('0'); // what is gained then is void
  });

  it('gives them of a file too, plain or gzip, also where lines are longer than a block and the last one has no end', async () => {
    const long = LINES.flatMap((line, index) =>
      index % 500 === 7 ? [`${' '.repeat(3 * index)}${line}`, line] : [line],
    );
    const folder = await mkdtemp(join(tmpdir(), 'rewardbook-simulate-'));
    try {
      for (const bytes of [Buffer.from(long.join('\r\n')), Buffer.from(`${long.join('\n')}\n`)]) {
        const alone = await run(bytes, ALONE);
        for (const [name, written] of [
          ['plain', bytes],
          ['packed', gzipSync(bytes)],
        ] as const) {
          const file = join(folder, name);
          await writeFile(file, written);
          expect(await run(bytes, { ...TOGETHER, blockBytes: 512 }, file)).toEqual(alone);
        }
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('refuses a line that is longer than any event, and only that one, in threads too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rewardbook-simulate-'));
    try {
      const file = join(folder, 'long');
      const [first, second] = [LINES[0], LINES[1]];
      for (const [end, blanks] of [
        ['\n', 17 * 1024 * 1024],
        ['', 20_000],
        ['\n', 16_385],
      ] as const) {
        const long = ' '.repeat(blanks);
        await writeFile(file, `${first}\n\ufeff${long}\r\n\ufeff${' '.repeat(16_000)}\n${second}\n${long}${end}`);
        const alone = await run(Buffer.alloc(0), ALONE, file);
        expect(alone.said).toBe(
          'line 2: line-too-long: the line is longer than 16384 bytes\n' +
            'line 5: line-too-long: the line is longer than 16384 bytes\n' +
            '4 events: 2 accepted, 0 duplicates, 0 conflicts, 2 rejected\n',
        );
        for (const blockBytes of [512, 1 << 20]) {
          expect(await run(Buffer.alloc(0), { ...TOGETHER, blockBytes }, file)).toEqual(alone);
        }
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is that of its events as objects', async () => {
    const events = LINES.flatMap((line) => {
      try {
        const parsed = parseEvent(JSON.parse(line));
        return parsed.ok ? [parsed.event] : [];
      } catch {
        return [];
      }
    });
    const { periods } = await run(bytes, ALONE);
    expect(periods).toEqual(simulate({ ...OPTIONS, events }).periods);
  });

  it('without an event is refused, in threads too', async () => {
    for (const threading of [ALONE, TOGETHER]) {
      await expect(run(Buffer.from('[]\n{}\n'), threading)).rejects.toThrow('No line of stdin is an event');
    }
  });
});
