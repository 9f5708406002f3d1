import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { testPolicy } from '../../../../test/support/test-policy.ts';
import { canonicalPolicy, policyHash } from './policy.ts';
import { validVersion } from './policy-version.ts';

describe('policyHash', () => {
  it("is the SHA-256 of the stored form's canonical JSON", () => {
    const text =
      '{"allocation":{"method":"pro-rata"},"approvals":["payouts","adjustments"],"boosts":[],"currency":"IDR",' +
      '"eligibility":{"minAccountAgeDays":0,"minFollowers":0,"minPoints":"0","registeredOnly":false},"maxLatePeriods":1,' +
      '"name":"Test","payout":{"holdback":{"periods":1,"share":"0"},"minimum":"0","roundTo":"0.01","withholding":{}},' +
      '"period":"month","program":"test","revenueShare":"0.05","risk":{},"timeZone":"Asia/Jakarta",' +
      '"undistributed":"rollover","weights":{"follow":"1","like":"1"}}';
    expect(canonicalPolicy(testPolicy())).toBe(text);
    expect(policyHash(testPolicy())).toBe(createHash('sha256').update(text).digest('hex'));
  });

  it('does not depend on the order of keys, and changes with any value', () => {
    const { program, ...rest } = testPolicy();
    expect(policyHash({ ...rest, program })).toBe(policyHash(testPolicy()));
    expect(policyHash(testPolicy({ risk: { maxLikesPerPair: 3 } }))).not.toBe(policyHash(testPolicy()));
  });
});

describe('a policy is valid from its first period to that of the next; of two from one period, the later one', () => {
  const versions = [
    { version: 1, validFrom: null },
    { version: 2, validFrom: '2026-10' },
    { version: 3, validFrom: '2026-12' },
    { version: 4, validFrom: '2026-11' },
    { version: 5, validFrom: '2026-10' },
  ];

  it.each([
    ['2026-09', 1],
    ['2026-10', 5],
    ['2026-11', 4],
    ['2026-12', 3],
    ['2027-01', 3],
  ])('%s: version %i', (period, version) => {
    expect(validVersion(versions, period).version).toBe(version);
  });

  it('no version is valid before the first', () => {
    expect(() => validVersion([{ version: 1, validFrom: '2026-10' }], '2026-09')).toThrow(
      expect.objectContaining({ code: 'bad-policy' }),
    );
  });
});
