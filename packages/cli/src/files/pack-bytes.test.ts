import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { MAX_QUESTION } from '@rewardbook/contracts/api/lab-limits';
import { closePostings } from '@rewardbook/domain/books/close-entry';
import { postingsHasher } from '@rewardbook/domain/books/journal-hash';
import { policyHash } from '@rewardbook/domain/policy/policy';
import { revenueByPeriod } from '@rewardbook/lab/prepare/revenue';
import { currencyOf } from '@rewardbook/money/currency';
import { periodResult } from '@rewardbook/simulate/closes/period-result';
import { periodCloses, planSimulation } from '@rewardbook/simulate/closes/plan-simulation';
import { AcceptedEvents } from '@rewardbook/simulate/events/accepted-events';
import { generateEvents } from '@rewardbook/simulate/generator/events';
import { describe, expect, it } from 'vitest';
import { creatorsOf, readPack } from './pack.ts';

const EVENTS = 12_000;

/** What a pack came to before programs could pay for anything besides the pool; never to be written again. */
interface Stored {
  readonly policyHash: string;
  /** SHA-256 of the JSON of each period's result. */
  readonly results: readonly string[];
  /** Hash of the postings of each close's entry. */
  readonly entries: readonly string[];
}

const stored: Record<string, Stored> = JSON.parse(
  await readFile(new URL('./pack-bytes.json', import.meta.url), 'utf8'),
);

async function played(name: string): Promise<Stored> {
  const pack = await readPack(name);
  const { policy } = pack;
  const events = new AcceptedEvents();
  for (const event of generateEvents(pack.scenario, { events: EVENTS })) {
    events.add(event);
  }
  const plan = planSimulation({
    policies: [{ policy, policyHash: policyHash(policy), validFrom: null }],
    creators: await creatorsOf(pack),
    revenue: revenueByPeriod(pack.revenue, policy, MAX_QUESTION.periods),
  });
  const results: string[] = [];
  const entries: string[] = [];
  for (const close of periodCloses(plan, events)) {
    results.push(
      createHash('sha256')
        .update(JSON.stringify(periodResult(close)))
        .digest('hex'),
    );
    const hasher = postingsHasher(currencyOf(policy.currency));
    for (const posting of closePostings(close.period, policy, close.result)) {
      hasher.add(posting);
    }
    entries.push(hasher.digest());
  }
  return { policyHash: policyHash(policy), results, entries };
}

describe.each(Object.entries(stored))('the pack %s', (name, before) => {
  it('comes to the bytes of before', async () => {
    expect(await played(name)).toEqual(before);
  });
});
