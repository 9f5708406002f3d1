import { createHash } from 'node:crypto';
import { currencyOf } from '@rewardbook/money/currency';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalHeader, entryHash, GENESIS_HASH, postingsHasher } from '../books/journal-hash.ts';
import { resultHasher } from '../close/result.ts';
import { type CreatorFacts, creatorsHash, creatorsHasher } from '../policy/creator.ts';
import { sha256Hex, TextHash } from './sha256.ts';

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

describe('SHA-256 of texts', () => {
  it('in parts is the same as in one piece, at any size and with any characters', () => {
    const part = fc
      .string({ unit: 'grapheme' })
      .chain((text) => fc.constantFrom(1, 5, 9000).map((times) => text.repeat(times)));
    fc.assert(
      fc.property(fc.array(part), (parts) => {
        const hash = new TextHash();
        for (const text of parts) {
          hash.update(text);
        }
        expect(hash.digest()).toBe(sha256(parts.join('')));
        expect(sha256Hex(parts.join(''))).toBe(sha256(parts.join('')));
      }),
      { numRuns: 50 },
    );
  });
});

describe('creatorsHash', () => {
  const facts = (creatorId: string, changes: Partial<CreatorFacts> = {}): CreatorFacts => {
    return { creatorId, country: null, joinedOn: null, followers: 0, viewerIds: [], ...changes };
  };

  it('is over [creatorId, country, joinedOn, followers, [viewerIds]] in byte order, viewerIds sorted', () => {
    const creators = [
      facts('c\u{1f600}'),
      facts('c\uffee', { viewerIds: ['v2', 'v\u{1f600}', 'v\uffee', 'v10'] }),
      facts('b', { country: 'ID', joinedOn: '2026-01-31', followers: 1200 }),
    ];
    expect(creatorsHash(creators)).toBe(
      sha256(
        '[["b","ID","2026-01-31",1200,[]],["c\uffee",null,null,0,["v10","v2","v\uffee","v\u{1f600}"]],' +
          '["c\u{1f600}",null,null,0,[]]]',
      ),
    );
  });

  it('without creators is that of an empty list', () => {
    expect(creatorsHasher(false).digest()).toBe(sha256('[]'));
  });
});

describe('the journal hash', () => {
  const header = {
    program: 'test',
    seq: 1,
    key: 'revenue:r "1"',
    kind: 'revenue',
    currency: 'KWD',
    effectiveAt: '2026-10-31',
    postedAt: '2026-11-01T00:00:00.000Z',
    details: { reference: 'r "1"', period: '2026-10' },
    reverses: null,
  };

  it('is over the previous hash, the header, the number of postings and their hash', () => {
    const text =
      '{"currency":"KWD","details":{"period":"2026-10","reference":"r \\"1\\""},"effectiveAt":"2026-10-31",' +
      '"key":"revenue:r \\"1\\"","kind":"revenue","postedAt":"2026-11-01T00:00:00.000Z","program":"test","reverses":null,' +
      '"seq":1}';
    expect(canonicalHeader(header)).toBe(text);
    const hash = entryHash({ previousHash: GENESIS_HASH, header, postingCount: 2, postingsHash: 'abc' });
    expect(hash).toBe(sha256(`${'0'.repeat(64)}\n${text}\n2\nabc`));
  });

  it('postings are a line each, debit positive, with all digits of the currency', () => {
    const hasher = postingsHasher(currencyOf('KWD'));
    hasher.add({ account: 'platform:ad-receivable', amount: 1500n });
    hasher.addLine('platform:ad-revenue', '-1.500');
    expect(hasher.count).toBe(2);
    expect(hasher.digest()).toBe(sha256('["platform:ad-receivable","1.500"]\n["platform:ad-revenue","-1.500"]\n'));
  });
});

describe('resultHash', () => {
  it('is the SHA-256 of the canonical JSON of the whole result', () => {
    const currency = currencyOf('IDR');
    const hasher = resultHasher(currency);
    hasher.add('c1', 3, -1, '2.5', 12345n);
    hasher.add('c"2', -2, 0, '0', 0n);
    const hash = hasher.digest({
      program: 'test',
      period: '2026-10',
      bounds: { start: Date.parse('2026-09-30T17:00:00Z'), end: Date.parse('2026-10-31T17:00:00Z') },
      currency,
      policyHash: 'p',
      creatorsHash: 'c',
      revenue: -100n,
      pool: 12346n,
      undistributed: 1n,
    });
    expect(hash).toBe(
      sha256(
        '{"allocations":[["c1",3,-1,"2.5","123.45"],["c\\"2",-2,0,"0","0.00"]],"creatorsHash":"c","currency":"IDR",' +
          '"end":"2026-10-31T17:00:00.000Z","period":"2026-10","policyHash":"p","pool":"123.46","program":"test",' +
          '"revenue":"-1.00","start":"2026-09-30T17:00:00.000Z","undistributed":"0.01"}',
      ),
    );
  });
});
