import type { CloseParts } from '../beyond/close-parts.ts';
import type { PartsPolicy } from '../beyond/given.ts';
import { campaignAccount, PLATFORM, payableAccount, receivableAccount } from './account.ts';
import type { Posting } from './posting.ts';

/**
 * Postings of what a close gives besides the pool, after those of the pool, in this order: each campaign → payables; gift
 * receivable → payables and gift revenue; commissions; shares; campaign → its sponsor's receivable. A campaign and the gifts
 * have one debit each, commissions and shares one a row. Steps of zero are left out.
 */
export function* partPostings(parts: CloseParts, policy: PartsPolicy): Generator<Posting, void, undefined> {
  for (const { campaign, allocated, creators } of parts.campaigns ?? []) {
    if (allocated !== 0n) {
      yield { account: campaignAccount(campaign), amount: allocated };
      yield* credits(creators);
    }
  }
  yield* giftPostings(parts.gifts ?? []);
  for (const { scoutId, creatorId, amount } of parts.commissions ?? []) {
    const payer = policy.scouts?.paidBy === 'creator' ? payableAccount(creatorId) : PLATFORM.rewardsExpense;
    yield* move(payer, payableAccount(scoutId), amount);
  }
  for (const { creatorId, memberId, amount } of parts.shares ?? []) {
    yield* move(payableAccount(creatorId), payableAccount(memberId), amount);
  }
  for (const { campaign, returned } of parts.campaigns ?? []) {
    if (returned !== undefined) {
      yield* move(campaignAccount(campaign), receivableAccount(returned.sponsor), returned.amount);
    }
  }
}

function* giftPostings(gifts: NonNullable<CloseParts['gifts']>): Generator<Posting, void, undefined> {
  let [given, paid] = [0n, 0n];
  for (const { carriedIn, gifted, amount } of gifts) {
    const balance = carriedIn + gifted;
    given += balance > 0n ? balance : 0n;
    paid += amount;
  }
  if (given !== 0n) {
    yield { account: PLATFORM.giftReceivable, amount: given };
    yield* credits(gifts);
  }
  if (given !== paid) {
    yield { account: PLATFORM.giftRevenue, amount: paid - given };
  }
}

function* credits(rows: Iterable<{ readonly creatorId: string; readonly amount: bigint }>): Generator<Posting> {
  for (const { creatorId, amount } of rows) {
    if (amount !== 0n) {
      yield { account: payableAccount(creatorId), amount: -amount };
    }
  }
}

function* move(from: string, to: string, amount: bigint): Generator<Posting> {
  if (amount !== 0n) {
    yield { account: from, amount };
    yield { account: to, amount: -amount };
  }
}
