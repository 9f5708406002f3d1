import { usesPoints } from '@rewardbook/domain/allocation/allocation';
import {
  ALLOCATION_METHODS,
  APPROVALS,
  COMMISSION_PAYERS,
  type Policy,
  UNDISTRIBUTED,
} from '@rewardbook/domain/policy/policy';
import { parseGivenAmount } from '@rewardbook/money/amount';
import { type Currency, currencyOf } from '@rewardbook/money/currency';
import { Decimal, formatScaled, scaleOf } from '@rewardbook/money/decimal';
import { MoneyError } from '@rewardbook/money/error';
import { z } from 'zod';
import { amountSchema, currencySchema } from '../values/amounts.ts';
import { countrySchema } from '../values/country.ts';
import { decimalFault, decimalIn, MAX_RATE_DIGITS } from '../values/decimal.ts';
import { identifierSchema } from '../values/identifier.ts';
import { issuesOf, type Parsed } from '../values/issue.ts';
import { periodKindSchema } from '../values/period.ts';
import { programSchema } from '../values/slug.ts';
import { timeZoneSchema } from '../values/time-zone.ts';

const MAX_COUNT = 1_000_000_000;
const MAX_LISTED = 100_000;
// Of all boosts together: a creator who meets all conditions has all of them.
const MAX_BOOST = new Decimal(10).pow(MAX_RATE_DIGITS);
const MAX_BOOST_DECIMALS = 100;

const share = decimalIn({ min: '0', max: '1' });
const weight = decimalIn({ min: '0' });
const count = z.int({ error: 'give a whole number' }).min(0, { error: 'cannot be negative' }).max(MAX_COUNT);
const limit = z.int({ error: 'give a whole number' }).min(1, { error: 'must be 1 or more' }).max(MAX_COUNT);
const identifiers = z.array(identifierSchema).max(MAX_LISTED).check(distinct);
const countries = z.array(countrySchema).min(1, { error: 'name a country, or leave countries out' }).check(distinct);

const allocationSchema = z
  .strictObject({
    method: z.enum(ALLOCATION_METHODS).default('pro-rata'),
    maxShare: decimalIn({ above: '0', max: '1' }).exactOptional(),
    lambda: share.exactOptional(),
  })
  .refine((allocation) => (allocation.lambda === undefined) === (allocation.method !== 'blend'), {
    path: ['lambda'],
    error: 'lambda belongs to the method blend, which needs it',
  });

const eligibilitySchema = z.strictObject({
  registeredOnly: z.boolean().default(false),
  minFollowers: count.default(0),
  minPoints: weight.default('0'),
  minAccountAgeDays: count.default(0),
  countries: countries.exactOptional(),
});

const boostSchema = z.strictObject({
  name: identifierSchema,
  when: z.strictObject({
    minFollowers: count.exactOptional(),
    maxFollowers: count.exactOptional(),
    minGrowth: weight.exactOptional(),
  }),
  multiplier: weight,
});

const riskSchema = z.strictObject({
  blockedViewers: identifiers.exactOptional(),
  blockedCreators: identifiers.exactOptional(),
  maxEventsPerViewerPerHour: limit.exactOptional(),
  maxTogglesPerEngagement: limit.exactOptional(),
  maxLikesPerPair: limit.exactOptional(),
  minViewerAgeHours: limit.exactOptional(),
  lockstep: z
    .strictObject({ viewers: limit, targets: limit, windowSeconds: limit, maxWindowViewers: limit.default(200) })
    .exactOptional(),
});

const payoutSchema = z.strictObject({
  minimum: amountSchema.default('0'),
  roundTo: amountSchema.optional().describe('One minor unit of the currency if left out'),
  holdback: z.strictObject({ share: share.default('0'), periods: limit.default(1) }).prefault({}),
  withholding: z.record(countrySchema, share).default({}),
});

const scoutsSchema = z
  .strictObject({
    share: decimalIn({ above: '0', max: '1' }),
    periods: limit,
    paidBy: z.enum(COMMISSION_PAYERS).default('platform'),
  })
  .describe('What a scout gets of what a creator gets from the pool and from campaigns, and for how many periods');

/** A policy as a file or a request has it. Decimals are in quotes; unknown keys are refused. */
export const policySchema = z
  .strictObject({
    program: programSchema,
    name: identifierSchema,
    currency: currencySchema,
    timeZone: timeZoneSchema,
    period: periodKindSchema,
    revenueShare: share.default('0.05'),
    weights: z.strictObject({ like: weight.default('1'), follow: weight.default('1') }).prefault({}),
    allocation: allocationSchema.prefault({}),
    eligibility: eligibilitySchema.prefault({}),
    boosts: z.array(boostSchema).max(100).check(boundedTogether).default([]),
    risk: riskSchema.prefault({}),
    maxLatePeriods: count.default(1),
    undistributed: z.enum(UNDISTRIBUTED).default('rollover'),
    payout: payoutSchema.prefault({}),
    approvals: z
      .array(z.enum(APPROVALS))
      .check(distinct)
      .default(['payouts', 'adjustments'])
      .describe('What needs a second person. Taking anything off the list needs one too'),
    scouts: scoutsSchema.exactOptional(),
  })
  .refine(({ boosts, allocation }) => boosts.length === 0 || usesPoints(allocation.method), {
    path: ['boosts'],
    error:
      'multiply points, which this allocation method does not use: leave them out, or use pro-rata, square-root or blend',
  })
  .meta({ id: 'Policy', description: 'How a program pays' });

export type PolicyInput = z.input<typeof policySchema>;

/**
 * A policy with its defaults filled in, its decimals plain and its amounts checked against its currency.
 */
export function parsePolicy(value: unknown): Parsed<Policy> {
  const parsed = policySchema.safeParse(value);
  if (!parsed.success) {
    return { ok: false, issues: issuesOf(parsed.error, value) };
  }
  const { payout, ...rest } = parsed.data;
  const currency = currencyOf(rest.currency);
  const minimum = payoutAmount(payout.minimum, currency, 'payout.minimum', 0n);
  if (!minimum.ok) {
    return minimum;
  }
  const roundTo = payoutAmount(payout.roundTo ?? formatScaled(1n, currency.digits), currency, 'payout.roundTo', 1n);
  if (!roundTo.ok) {
    return roundTo;
  }
  const policy = { ...rest, payout: { ...payout, minimum: minimum.value, roundTo: roundTo.value } };
  return { ok: true, value: policy };
}

/** An amount of a policy in the policy's currency, not below `least` minor units, written as all decimals of a policy are. */
function payoutAmount(text: string, currency: Currency, path: string, least: bigint): Parsed<string> {
  try {
    const minor = parseGivenAmount(text, currency);
    if (minor >= least) {
      return { ok: true, value: formatScaled(minor, currency.digits) };
    }
    const message = `must be at least ${formatScaled(least, currency.digits)}`;
    return { ok: false, issues: [{ path, message }] };
  } catch (error) {
    if (!(error instanceof MoneyError)) {
      throw error;
    }
    return { ok: false, issues: [{ path, message: error.message }] };
  }
}

/** Points are multiplied by all boosts: what they come to has to be bounded, not only each. */
function boundedTogether(context: z.core.ParsePayload<{ readonly multiplier: string }[]>): void {
  const multipliers = context.value
    .map(({ multiplier }) => multiplier)
    .filter((text) => decimalFault(text) === undefined);
  const product = multipliers.reduce((so, text) => so.times(Decimal.max(1, text)), new Decimal(1));
  const decimals = multipliers.reduce((sum, text) => sum + scaleOf(text), 0);
  const fault = (message: string): void =>
    void context.issues.push({ code: 'custom', input: context.value, message: `together ${message}` });
  if (product.gte(MAX_BOOST)) {
    fault(`multiply points by ${MAX_BOOST.toFixed()} or more: make the multipliers smaller`);
  }
  if (decimals > MAX_BOOST_DECIMALS) {
    fault(`have ${decimals} decimals; at most ${MAX_BOOST_DECIMALS}`);
  }
}

function distinct(context: z.core.ParsePayload<string[]>): void {
  const seen = new Set<string>();
  for (const [index, item] of context.value.entries()) {
    if (seen.has(item)) {
      context.issues.push({ code: 'custom', input: item, path: [index], message: `"${item}" is listed twice` });
    }
    seen.add(item);
  }
}
