import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { z } from 'zod';
import { amountOutSchema } from '../values/amounts.ts';
import { readBankAccount } from '../values/bank-account.ts';
import { countrySchema } from '../values/country.ts';
import { pageQuerySchema, walkedPageOf } from '../values/cursor.ts';
import { identifierSchema } from '../values/identifier.ts';
import { type Issue, issuesOf, MAX_ISSUES, type Parsed } from '../values/issue.ts';
import { findShape, fromSchema, listOrderSchema } from '../values/list-query.ts';
import { dateSchema } from '../values/period.ts';
import { programSchema } from '../values/slug.ts';
import { approvalNeededSchema } from './approvals.ts';

// With the follows that are added to it, it stays a whole number that JavaScript holds exactly.
const MAX_FOLLOWERS = 1_000_000_000_000;

// Spaces separate them in files, and in the registry.
const viewerIdSchema = identifierSchema.refine((id) => !id.includes(' '), { error: 'a viewer id cannot have a space' });

const MAX_VIEWER_IDS = 1000;

const nothing = (value: unknown): unknown => (value === undefined || value === '' ? null : value);
const orNull = <Inner extends z.ZodType>(inner: Inner) => z.preprocess(nothing, inner.nullable()).optional();

/** A creator as registered over the API. Only `creatorId` is required; empty and left out are the same as null. */
export const creatorSchema = z
  .strictObject({
    creatorId: identifierSchema,
    handle: orNull(identifierSchema),
    country: orNull(countrySchema),
    joinedOn: orNull(dateSchema).describe('Date on which the creator joined the platform'),
    followers: z
      .int({ error: 'followers is a whole number' })
      .min(0, { error: 'followers cannot be negative' })
      .max(MAX_FOLLOWERS, { error: `followers are ${MAX_FOLLOWERS} at most` })
      .default(0)
      .describe('Followers on joining'),
    viewerIds: z.array(viewerIdSchema).max(MAX_VIEWER_IDS).default([]).describe("The creator's own viewer ids"),
    taxCountry: orNull(countrySchema),
    scoutId: orNull(identifierSchema).describe('Who brought the creator: never changed once it is set'),
    scoutedOn: orNull(dateSchema).describe("When, a date in the program's time zone"),
    payee: orNull(identifierSchema),
    account: orNull(identifierSchema).describe('An IBAN, however it is written, or an account of another kind'),
  })
  .check(({ value: { creatorId, scoutId, scoutedOn }, issues }) => {
    if ((scoutId == null) !== (scoutedOn == null)) {
      const message = `"${creatorId}" has ${scoutId == null ? 'scoutedOn without scoutId' : 'scoutId without scoutedOn'}: give both or neither`;
      issues.push({ code: 'custom', input: scoutId, path: [scoutId == null ? 'scoutId' : 'scoutedOn'], message });
    } else if (scoutId === creatorId) {
      const message = `"${creatorId}" cannot be their own scout`;
      issues.push({ code: 'custom', input: scoutId, path: ['scoutId'], message });
    }
  })
  .check(({ value: { creatorId, account }, issues }) => {
    const read = readBankAccount(account ?? '');
    if (read.kind !== 'bad-iban') {
      return;
    }
    const message = `the account of "${creatorId}" cannot be paid to: ${read.fault}`;
    issues.push({ code: 'custom', input: account, path: ['account'], message });
  })
  .meta({ id: 'Creator' });

const creatorOutSchema = z.object({
  creatorId: z.string(),
  handle: z.string().nullable(),
  country: z.string().nullable(),
  joinedOn: z.string().nullable(),
  followers: z.int(),
  viewerIds: z.array(z.string()),
  scoutId: z.string().nullable().exactOptional().describe('Only of those who have a scout'),
  scoutedOn: z.string().nullable().exactOptional(),
  taxCountry: z.string().nullable(),
  payee: z.string().nullable().exactOptional().describe('Only for a key with the scope read:payments'),
  account: z.string().nullable().exactOptional().describe('Only for a key with the scope read:payments'),
  payable: amountOutSchema
    .exactOptional()
    .describe('With `balances`: below zero where more was taken back than earned'),
  onHold: z.boolean().exactOptional().describe('With `balances`'),
});

/** Which registered creators: the same for the list, its count and its files. */
export const creatorFilterSchema = z.object({
  find: identifierSchema
    .optional()
    .describe('Only those whose id or handle contains this; letters of A to Z in either case'),
  prefix: findShape.prefix,
  country: countrySchema.optional(),
  onHold: z.stringbool().optional().describe('Only who is on hold, or only who is not'),
});

export const creatorsQuerySchema = pageQuerySchema.extend({
  ...creatorFilterSchema.shape,
  order: listOrderSchema.default('asc').describe('By creatorId'),
  from: fromSchema,
  balances: z.stringbool().default(false).describe('With what is payable to each, and whether it is on hold'),
});
export const creatorsPageSchema = walkedPageOf(creatorOutSchema);

/** How many creators a filter leaves. */
export const creatorsCountSchema = z.object({
  count: z.int(),
  searched: z.int().describe('Creators that were looked at'),
  isExact: z.boolean().describe('false: there are more creators than were looked at'),
});

/** Answer of an import: how many of the creators sent were new, changed, or as they were. */
export const creatorsImportedSchema = z.object({
  program: programSchema,
  received: z.int(),
  added: z.int(),
  changed: z.int(),
  unchanged: z.int(),
});

/** Answer (202) of an import that would change payment details which need a second person: the rest of it is registered. */
export const creatorsWaitingSchema = creatorsImportedSchema.extend({
  ...approvalNeededSchema.shape,
  waiting: z.int().describe('Creators whose payment details wait; they are counted by what else is registered of them'),
});

/** One creator, checked; paths of issues start at the creator. */
export function parseCreator(value: unknown): Parsed<RegisteredCreator> {
  // Before the schema, which would make a note of each of ten million wrong ones.
  if (hasTooManyViewerIds(value)) {
    return { ok: false, issues: [{ path: 'viewerIds', message: `give at most ${MAX_VIEWER_IDS}` }] };
  }
  const parsed = creatorSchema.safeParse(value);
  return parsed.success
    ? { ok: true, value: toCreator(parsed.data) }
    : { ok: false, issues: issuesOf(parsed.error, value) };
}

/** Creators of one import: all of them are in memory until it is done. */
export const MAX_CREATORS_IMPORTED = 1_000_000;

export const TOO_MANY_CREATORS: Issue = {
  path: '',
  message: `at most ${MAX_CREATORS_IMPORTED} creators are imported together; send them in parts`,
};

/** A JSON array of creators, checked; the same creator twice is an issue. */
export function parseCreators(value: unknown): Parsed<RegisteredCreator[]> {
  if (!Array.isArray(value)) {
    return { ok: false, issues: [{ path: '', message: 'give an array of creators' }] };
  }
  if (value.length > MAX_CREATORS_IMPORTED) {
    return { ok: false, issues: [TOO_MANY_CREATORS] };
  }
  const creators: RegisteredCreator[] = [];
  const issues: Issue[] = [];
  const seen = new Map<string, number>();
  for (const [index, item] of value.entries()) {
    if (issues.length >= MAX_ISSUES) {
      break;
    }
    const parsed = parseCreator(item);
    if (!parsed.ok) {
      for (const issue of parsed.issues) {
        issues.push({ ...issue, path: issue.path === '' ? `[${index}]` : `[${index}].${issue.path}` });
      }
      continue;
    }
    const earlier = seen.get(parsed.value.creatorId);
    if (earlier !== undefined) {
      issues.push({ path: `[${index}].creatorId`, message: `the same creator is at [${earlier}] already` });
    }
    seen.set(parsed.value.creatorId, index);
    creators.push(parsed.value);
  }
  return issues.length === 0 ? { ok: true, value: creators } : { ok: false, issues };
}

function hasTooManyViewerIds(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('viewerIds' in value)) {
    return false;
  }
  return Array.isArray(value.viewerIds) && value.viewerIds.length > MAX_VIEWER_IDS;
}

function toCreator(input: z.output<typeof creatorSchema>): RegisteredCreator {
  return {
    creatorId: input.creatorId,
    handle: input.handle ?? null,
    country: input.country ?? null,
    joinedOn: input.joinedOn ?? null,
    followers: input.followers,
    viewerIds: input.viewerIds,
    ...(input.scoutId == null ? {} : { scoutId: input.scoutId, scoutedOn: input.scoutedOn ?? null }),
    taxCountry: input.taxCountry ?? null,
    payee: input.payee ?? null,
    account: input.account == null ? null : readBankAccount(input.account).account,
  };
}
