import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parseEvent } from '@rewardbook/contracts/events/event';
import { parsePolicy } from '@rewardbook/contracts/files/policy';
import type { EngagementEvent } from '@rewardbook/domain/events/event';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { nextPeriod, periodAt } from '@rewardbook/domain/values/period';

/** Real events of 2010 to 2016 (Kumar et al., ICDM 2016), which are not part of this repository. */
export const TRUST_ALPHA = fileURLToPath(new URL('../../../shared/data/trust-alpha.ndjson.gz', import.meta.url));

/** Undefined where the file is there, else what a skipped test says. */
export const trustAlphaMissing: string | undefined = existsSync(TRUST_ALPHA)
  ? undefined
  : 'skipped: ../shared/data/trust-alpha.ndjson.gz is missing';

export function trustAlphaEvents(): EngagementEvent[] {
  const lines = gunzipSync(readFileSync(TRUST_ALPHA)).toString('utf8').split('\n').filter(Boolean);
  return lines.map((line) => {
    const parsed = parseEvent(JSON.parse(line));
    if (!parsed.ok) {
      throw new Error(`${parsed.message}: ${line}`);
    }
    return parsed.event;
  });
}

export function trustPolicy(program: string): Policy {
  const parsed = parsePolicy({ program, name: 'Trust', currency: 'USD', timeZone: 'UTC', period: 'month' });
  if (!parsed.ok) {
    throw new Error('the policy of this test is wrong');
  }
  return parsed.value;
}

/** The same revenue for every month from the first event to the last. */
export function monthlyRevenue(events: readonly EngagementEvent[], amount: string): Map<string, string> {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { occurredAt } of events) {
    first = Math.min(first, occurredAt);
    last = Math.max(last, occurredAt);
  }
  const revenue = new Map<string, string>();
  const end = periodAt(last, 'month', 'UTC');
  for (let period = periodAt(first, 'month', 'UTC'); period <= end; period = nextPeriod(period)) {
    revenue.set(period, amount);
  }
  return revenue;
}
