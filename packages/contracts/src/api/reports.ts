import { z } from 'zod';
import { amountOutSchema } from '../values/amounts.ts';
import { decimalOutSchema } from '../values/decimal.ts';
import { identifierSchema } from '../values/identifier.ts';
import { instantOutSchema, periodSchema } from '../values/period.ts';
import { pointInTimeSchema } from '../values/point-in-time.ts';
import { allocationFilterSchema } from './allocations.ts';
import { creatorFilterSchema } from './creators.ts';
import { journalFilterSchema } from './journal.ts';
import { payoutFilterSchema } from './payout-list.ts';
import { payoutStatusSchema, runParamsSchema } from './payout-runs.ts';
import { periodStatusSchema } from './periods.ts';

export const REPORTS = [
  'payouts',
  'allocations',
  'creators',
  'journal',
  'statement',
  'trial-balance',
  'summary',
  'commissions',
] as const;
export type ReportName = (typeof REPORTS)[number];

/** The formats that a report comes in; `payout-run` is the signed summary of a run, as a document only. */
export const REPORT_FORMATS = {
  payouts: ['json', 'csv', 'xlsx'],
  allocations: ['json', 'csv', 'xlsx'],
  creators: ['json', 'csv', 'xlsx'],
  journal: ['json', 'csv', 'xlsx', 'hledger'],
  statement: ['json', 'csv', 'xlsx', 'pdf'],
  'trial-balance': ['json', 'csv', 'xlsx'],
  summary: ['json', 'csv', 'xlsx'],
  commissions: ['json', 'csv', 'xlsx'],
  'payout-run': ['pdf'],
} as const satisfies Record<ReportName | 'payout-run', readonly string[]>;

/** Why a report is not available in a format, and which formats it has. */
export function formatFault(report: keyof typeof REPORT_FORMATS, format: string): string | undefined {
  const formats: readonly string[] = REPORT_FORMATS[report];
  if (formats.includes(format)) {
    return undefined;
  }
  const others = Object.entries(REPORT_FORMATS).filter(([, list]) => list.some((one) => one === format));
  const hint = others.length === 0 ? '' : `; ${format} is a format of ${others.map(([name]) => name).join(', ')}`;
  return `${report} comes as ${formats.join(', ')}${hint}`;
}

function formatOf<const Formats extends readonly string[]>(report: keyof typeof REPORT_FORMATS, formats: Formats) {
  const error = ({ input }: { readonly input?: unknown }) => formatFault(report, String(input));
  return z.enum(formats, { error }).optional().describe('Goes before the Accept header');
}

const period = periodSchema.optional();
const creator = identifierSchema.optional();
const { run } = runParamsSchema.shape;
const { asOf, effective } = pointInTimeSchema.shape;

/** Queries of the reports; a filter that a report does not have is refused. */
export const reportQuerySchemas = {
  payouts: z.strictObject({
    period,
    run: run.optional(),
    creator,
    ...payoutFilterSchema.shape,
    format: formatOf('payouts', REPORT_FORMATS.payouts),
  }),
  allocations: z.strictObject({
    period: periodSchema,
    ...allocationFilterSchema.shape,
    format: formatOf('allocations', REPORT_FORMATS.allocations),
  }),
  commissions: z.strictObject({
    period,
    creator: creator.describe('Only commissions for this creator, or of this scout'),
    format: formatOf('commissions', REPORT_FORMATS.commissions),
  }),
  creators: z.strictObject({
    ...creatorFilterSchema.shape,
    format: formatOf('creators', REPORT_FORMATS.creators),
  }),
  journal: z.strictObject({
    period,
    ...journalFilterSchema.shape,
    format: formatOf('journal', REPORT_FORMATS.journal),
    asOf,
  }),
  statement: z.strictObject({
    period,
    creator: identifierSchema,
    format: formatOf('statement', REPORT_FORMATS.statement),
    asOf,
    effective,
  }),
  'trial-balance': z.strictObject({
    period,
    format: formatOf('trial-balance', REPORT_FORMATS['trial-balance']),
    asOf,
    effective,
  }),
  summary: z.strictObject({ period, format: formatOf('summary', REPORT_FORMATS.summary) }),
  'payout-run': z.strictObject({ run, format: formatOf('payout-run', REPORT_FORMATS['payout-run']) }),
} as const;

const money = amountOutSchema.nullable();
const share = decimalOutSchema.nullable();

/**
 * A creator in a payout run, or what a run would pay of a closed period that none has. A column that does not apply is null (JSON)
 * or empty (CSV). `carried_in + allocated + adjustment - held + released + returned = gross + carried_out`,
 * `gross - withholding = net`.
 */
export const payoutRowSchema = z.object({
  period: z.string().describe('The latest close in the run'),
  run_id: z.string().nullable().describe('Null where no run has the creator'),
  payout_id: z.string().nullable().describe('Null where nothing is paid'),
  creator_id: z.string(),
  likes: z.int().describe('Net likes at the closes in the run'),
  follows: z.int().describe('Net follows at the closes in the run'),
  points: decimalOutSchema,
  weight: z.string().nullable().describe('Null where the run has another number of closes than one'),
  pool_share: share.describe(
    'What the closes gave, as a fraction of their pools; nine places; null if the pools were zero',
  ),
  currency: z.string(),
  gross: amountOutSchema.describe('What the run pays before tax'),
  adjustment: amountOutSchema.describe(
    'Adjustments, clawbacks, write-offs, unclaimed and their reversals, in the creator’s favour',
  ),
  held: amountOutSchema.describe('Held back'),
  released: amountOutSchema.describe('Holdbacks that were released'),
  withholding: amountOutSchema,
  net: amountOutSchema,
  carried_in: amountOutSchema.describe('Left unpaid by the run before'),
  carried_out: amountOutSchema.describe('Left for the next run: what waits, or what rounding leaves'),
  status: z
    .enum([...payoutStatusSchema.options, 'projected', 'projected-waiting'])
    .describe('`projected…`: in no run yet; what one would pay, or why it would not'),
  status_reason: z
    .string()
    .nullable()
    .describe(
      'Why it waits: `not-above-zero`, `below-minimum`, `incomplete`, `on-hold`; why it came back, in the words of whoever said so',
    ),
  policy_version: z.int(),
  entry_key: z
    .string()
    .nullable()
    .describe('Of the approved run; of the close where none has it; null where nothing is posted'),
  allocated: amountOutSchema.describe('What the closes gave'),
  returned: amountOutSchema.describe('Earlier payouts that came back'),
  return_entry_key: z.string().nullable().describe('Of this payout’s return'),
  taxed_before: amountOutSchema.describe(
    'Of gross: what came back earlier net of a tax that was remitted; nothing is withheld of it again',
  ),
  pool_amount: amountOutSchema.describe('Of allocated: from the pools'),
  commission_paid: amountOutSchema.describe(
    'Of allocated: what went to the scout who brought this creator; not above zero',
  ),
  commission_earned: amountOutSchema.describe('Of allocated: for creators whom this one scouted'),
});

/** Query of a run's totals. */
export const runPayoutTotalsQuerySchema = z.strictObject({ run, ...payoutFilterSchema.shape });

/** Sums of the columns of a run's rows in the report `payouts`, exact. */
export const runPayoutTotalsSchema = payoutRowSchema
  .pick({
    carried_in: true,
    allocated: true,
    adjustment: true,
    held: true,
    released: true,
    returned: true,
    gross: true,
    carried_out: true,
    withholding: true,
    net: true,
  })
  .extend({ count: z.int() });

/** What a close gave a creator. */
export const allocationRowSchema = z.object({
  period: z.string(),
  creator_id: z.string(),
  likes: z.int().describe('Net likes'),
  follows: z.int().describe('Net follows'),
  carried_in: decimalOutSchema.describe('Points'),
  carried_out: decimalOutSchema.describe('Points'),
  points: decimalOutSchema.describe('Points used'),
  weight: z.string(),
  amount: amountOutSchema,
  currency: z.string(),
});

/** A registered creator. */
export const creatorRowSchema = z.object({
  creator_id: z.string(),
  handle: z.string().nullable(),
  country: z.string().nullable(),
  joined_on: z.string().nullable(),
  followers: z.int().describe('On joining'),
  viewer_ids: z.string().describe('Separated by spaces'),
  tax_country: z.string().nullable(),
});

/** A posting. `hash` is that of its entry. */
export const journalRowSchema = z.object({
  seq: z.int(),
  entry_key: z.string(),
  effective_at: z.string(),
  posted_at: instantOutSchema,
  account: z.string(),
  opposite_account: z.string().describe('`(split)` where there are several'),
  debit: money,
  credit: money,
  currency: z.string(),
  kind: z.string(),
  reverses: z.string().nullable(),
  running_balance: amountOutSchema.describe('Of the account after this posting, debit positive'),
  hash: z.string(),
});

/** A line of a creator's statement: amounts in the creator's favour are positive. */
export const statementRowSchema = z.object({
  line: z
    .enum(['opening', 'movement', 'closing', 'estimate'])
    .describe('`estimate` is not earned yet and in no balance'),
  effective_at: z.string().nullable(),
  posted_at: instantOutSchema.nullable(),
  seq: z.int().nullable(),
  entry_key: z.string().nullable(),
  reason: z.string().nullable(),
  account: z.string().nullable(),
  amount: money,
  balance: money.describe('What the creator is owed, held amounts included'),
  currency: z.string(),
});

/** An account; the last row has the totals. Debits and credits are sums of postings, balance = debit − credit. */
export const trialBalanceRowSchema = z.object({
  account: z.string().describe('`(total)` in the last row'),
  debit: amountOutSchema,
  credit: amountOutSchema,
  balance: amountOutSchema,
  currency: z.string(),
});

/** Events that a rule kept from counting at a close, and what they would have added. */
const excludedEvents = z.int().nullable();
const excludedPoints = decimalOutSchema.nullable();

/** A period: what it had, gave, and how evenly. Null where it is not closed, or there is nothing to measure. */
export const summaryRowSchema = z.object({
  period: z.string(),
  status: periodStatusSchema,
  currency: z.string(),
  revenue: amountOutSchema.describe('What a close uses, as in its result: what is booked and what is carried in'),
  revenue_entries: amountOutSchema.describe('Sum of what is booked for the period'),
  revenue_carried_in: money.describe('Negative revenue of the period before; null while that is not closed'),
  share: share.describe('The policy’s revenueShare'),
  funded: money,
  rolled_over: money,
  pool: money,
  allocated: money,
  undistributed: money,
  creators_paid: z.int().nullable().describe('Creators that the close gave money to, whatever runs do later'),
  creators_waiting: z
    .int()
    .nullable()
    .describe('Creators of the close whose payout waits, in its run or in the next one'),
  creators: z.int().nullable().describe('Creators with positive points: those that the measures are over'),
  gini: share,
  top1_share: share,
  top10_share: share,
  palma: share,
  hhi: share,
  theil_t: share,
  excluded_selfEngagement_events: excludedEvents,
  excluded_selfEngagement_points: excludedPoints,
  excluded_blockedViewers_events: excludedEvents,
  excluded_blockedViewers_points: excludedPoints,
  excluded_blockedCreators_events: excludedEvents,
  excluded_blockedCreators_points: excludedPoints,
  excluded_maxEventsPerViewerPerHour_events: excludedEvents,
  excluded_maxEventsPerViewerPerHour_points: excludedPoints,
  excluded_maxTogglesPerEngagement_events: excludedEvents,
  excluded_maxTogglesPerEngagement_points: excludedPoints,
  excluded_maxLikesPerPair_events: excludedEvents,
  excluded_maxLikesPerPair_points: excludedPoints,
  excluded_minViewerAgeHours_events: excludedEvents,
  excluded_minViewerAgeHours_points: excludedPoints,
  excluded_tooLate_events: excludedEvents,
  excluded_tooLate_points: excludedPoints,
  policy_version: z.int().nullable(),
  result_hash: z.string().nullable(),
  entry_key: z.string().nullable(),
});

/** What a close gave a scout for a creator. */
export const commissionRowSchema = z.object({
  period: z.string(),
  scout_id: z.string(),
  creator_id: z.string(),
  scouted_on: z.string().describe('A date in the zone of the program'),
  last_period: z.string().describe('The last in which the scout gets something for this creator, by the policy used'),
  base: amountOutSchema.describe('What the close gave the creator of which this is a share'),
  share: decimalOutSchema,
  amount: amountOutSchema,
  currency: z.string(),
  paid_by: z.enum(['platform', 'creator']),
  entry_key: z.string(),
});

/** The rows of each report; a report's columns are the keys, in this order. */
export const reportRowSchemas = {
  payouts: payoutRowSchema,
  allocations: allocationRowSchema,
  creators: creatorRowSchema,
  journal: journalRowSchema,
  statement: statementRowSchema,
  'trial-balance': trialBalanceRowSchema,
  summary: summaryRowSchema,
  commissions: commissionRowSchema,
} as const;

/** A report as JSON; it is streamed. As CSV: a header and the rows. */
export function reportSchema<Row extends z.ZodType>(row: Row) {
  return z.object({
    report: z.enum(REPORTS),
    program: z.string(),
    currency: z.string(),
    period: z.string().nullable(),
    run: z.string().nullable(),
    creator: z.string().nullable(),
    asOf: z.string().nullable(),
    effective: z.string().nullable(),
    rows: z.array(row),
  });
}

export type PayoutRow = z.output<typeof payoutRowSchema>;
export type RunPayoutTotals = z.output<typeof runPayoutTotalsSchema>;
export type AllocationRow = z.output<typeof allocationRowSchema>;
export type CommissionReportRow = z.output<typeof commissionRowSchema>;
export type CreatorRow = z.output<typeof creatorRowSchema>;
export type JournalRow = z.output<typeof journalRowSchema>;
export type StatementRow = z.output<typeof statementRowSchema>;
export type TrialBalanceRow = z.output<typeof trialBalanceRowSchema>;
export type SummaryRow = z.output<typeof summaryRowSchema>;
