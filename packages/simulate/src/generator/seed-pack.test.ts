import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { generateCreators } from './creators.ts';
import { eventLine } from './event-line.ts';
import { generateEvents } from './events.ts';
import { readScenario } from './scenario.ts';

const pack = (name: string) =>
  readFileSync(new URL(`../../../../seeds/tiktok-cash-id/${name}`, import.meta.url), 'utf8');
const scenario = readScenario(pack('scenario.yaml'));

// Seen on Node 20 and on Node 24. Bursts, villages, growth, adversaries, several contents a day.
it.each([
  ['kwai-br', 'f41156b4f27cada9bde81fa869cb68950261aa199454c14c61754768b13afaf5'],
  ['scout-in', '9d88432dd36496d4e28f27480f08a9427cfaccbd85b84d46108f26ba012643aa'],
  ['gulf-live', 'b89ae22fa08887a76b2b469374ae0849530a9fbc10cb3c23b89a35579e93ae33'],
])('%s makes the same 30,000 lines on every machine', (name, expected) => {
  const file = new URL(`../../../../seeds/${name}/scenario.yaml`, import.meta.url);
  const hash = createHash('sha256');
  for (const event of generateEvents(readScenario(readFileSync(file, 'utf8')), { events: 30_000 })) {
    hash.update(`${eventLine(event)}\n`);
  }
  expect(hash.digest('hex')).toBe(expected);
});

// A page has no creators.csv: it makes the creators of a pack.
it.each([
  'tiktok-cash-id',
  'burst-kr',
  'challenge-jp',
  'scout-in',
  'gulf-live',
  'kwai-br',
  ...['africa-multi/ng', 'africa-multi/ke', 'africa-multi/za'],
])('the creators of %s are those that the generator makes', (name) => {
  const read = (file: string) => readFileSync(new URL(`../../../../seeds/${name}/${file}`, import.meta.url), 'utf8');
  const lines = [...generateCreators(readScenario(read('scenario.yaml')))].map(
    ({ creatorId, handle, country, joinedOn, followers, viewerIds, taxCountry, payee, account }) =>
      [creatorId, handle, country, joinedOn, followers, viewerIds.join(' '), taxCountry, payee, account].join(','),
  );
  expect(lines).toEqual(read('creators.csv').trimEnd().split(/\r?\n/).slice(1));
});

describe('the pack tiktok-cash-id', () => {
  it('makes the same first 200,000 lines on every machine', () => {
    const hash = createHash('sha256');
    let lines = 0;
    for (const event of generateEvents(scenario)) {
      hash.update(`${eventLine(event)}\n`);
      lines += 1;
      if (lines === 200_000) {
        break;
      }
    }
    expect(lines).toBe(200_000);
    expect(hash.digest('hex')).toBe('11bbcebda9e074bce51aa6747a9f3c6910787b20dca06d18b3adebde74023e11');
  });

  it('books revenue for both months, several entries each, each reference once', () => {
    const [header, ...rows] = pack('revenue.csv').trimEnd().split('\n');
    expect(header).toBe('period,amount,reference');
    const cells = rows.map((row) => row.split(','));
    expect(new Set(cells.map(([, , reference]) => reference)).size).toBe(rows.length);
    for (const month of [scenario.firstPeriod, scenario.lastPeriod]) {
      expect(cells.filter(([period]) => period === month).length).toBeGreaterThan(1);
    }
  });
});
