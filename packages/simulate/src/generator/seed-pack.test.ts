import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { creatorsCsv, generateCreators } from './creators.ts';
import { eventLine } from './event-line.ts';
import { generateEvents } from './events.ts';
import { readScenario } from './scenario.ts';

const pack = (name: string) =>
  readFileSync(new URL(`../../../../seeds/tiktok-cash-id/${name}`, import.meta.url), 'utf8');
const scenario = readScenario(pack('scenario.yaml'));

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

  it('has the creators that the generator makes', () => {
    expect(pack('creators.csv')).toBe([...creatorsCsv(generateCreators(scenario))].join(''));
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
