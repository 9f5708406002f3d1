import {
  bigint,
  boolean,
  date,
  integer,
  numeric,
  pgSchema,
  primaryKey,
  smallint,
  text,
  timestamp,
} from 'drizzle-orm/pg-core';

/**
 * The tables as drizzle sees them, for composed queries. migrations/ is the source; a test compares the two.
 * Ids and sequence numbers that JavaScript numbers hold safely (< 2^53) come as numbers, money as strings.
 */
const rewardbook = pgSchema('rewardbook');
const serverClock = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });
const counter = (name: string) => bigint(name, { mode: 'number' });

export const program = rewardbook.table('program', {
  programId: integer('program_id').primaryKey().generatedAlwaysAsIdentity(),
  slug: text('slug').notNull(),
  currency: text('currency').notNull(),
  digits: smallint('digits').notNull(),
  timeZone: text('time_zone').notNull(),
  periodKind: text('period_kind', { enum: ['month', 'week', 'day'] }).notNull(),
  createdAt: serverClock('created_at').notNull(),
});

export const programHead = rewardbook.table('program_head', {
  programId: integer('program_id').primaryKey(),
  seq: counter('seq').notNull(),
  hash: text('hash').notNull(),
  postedAt: timestamp('posted_at', { withTimezone: true, mode: 'string' }).notNull(),
  creatorsVersion: integer('creators_version').notNull(),
  rolledSeq: counter('rolled_seq').notNull(),
  rolledAccounts: counter('rolled_accounts').notNull(),
});

export const policyVersion = rewardbook.table(
  'policy_version',
  {
    programId: integer('program_id').notNull(),
    version: integer('version').notNull(),
    validFrom: text('valid_from'),
    validFromMs: counter('valid_from_ms'),
    policy: text('policy').notNull(),
    policyHash: text('policy_hash').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: serverClock('created_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.programId, t.version] })],
);

export const creator = rewardbook.table(
  'creator',
  {
    programId: integer('program_id').notNull(),
    creatorId: text('creator_id').notNull(),
    version: integer('version').notNull(),
    handle: text('handle'),
    country: text('country'),
    joinedOn: date('joined_on', { mode: 'string' }),
    followers: counter('followers').notNull(),
    viewerIds: text('viewer_ids').array().notNull(),
    taxCountry: text('tax_country'),
    payee: text('payee'),
    account: text('account'),
  },
  (t) => [primaryKey({ columns: [t.programId, t.creatorId, t.version] })],
);

export const close = rewardbook.table(
  'close',
  {
    programId: integer('program_id').notNull(),
    period: text('period').notNull(),
    closeNo: integer('close_no').notNull(),
    startsAt: counter('starts_at').notNull(),
    endsAt: counter('ends_at').notNull(),
    status: text('status', { enum: ['closing', 'closed'] }).notNull(),
    begunAt: serverClock('begun_at').notNull(),
    begunBy: text('begun_by').notNull(),
    policyVersion: integer('policy_version').notNull(),
    creatorsVersion: integer('creators_version').notNull(),
    revenueEntries: numeric('revenue_entries').notNull(),
    revenueCarriedIn: numeric('revenue_carried_in').notNull(),
    rolledOver: numeric('rolled_over').notNull(),
    closedAt: serverClock('closed_at'),
    attemptId: counter('attempt_id'),
    entryKey: text('entry_key'),
    funded: numeric('funded'),
    pool: numeric('pool'),
    allocated: numeric('allocated'),
    undistributed: numeric('undistributed'),
    revenueCarriedOut: numeric('revenue_carried_out'),
    policyHash: text('policy_hash'),
    creatorsHash: text('creators_hash'),
    resultHash: text('result_hash'),
    excluded: text('excluded'),
    metrics: text('metrics'),
    failure: text('failure'),
    failures: integer('failures').notNull(),
    retryAt: serverClock('retry_at'),
    checkedAt: serverClock('checked_at'),
    unsoundFor: text('unsound_for'),
  },
  (t) => [primaryKey({ columns: [t.programId, t.period] })],
);

export const apiKey = rewardbook.table('api_key', {
  keyId: counter('key_id').primaryKey().generatedAlwaysAsIdentity(),
  name: text('name').notNull(),
  scopes: text('scopes').array().notNull(),
  createdAt: serverClock('created_at').notNull(),
  expiresAt: serverClock('expires_at'),
  revokedAt: serverClock('revoked_at'),
  createdBy: text('created_by'),
  rootKey: counter('root_key'),
  revokedBy: text('revoked_by'),
});

export const auditLog = rewardbook.table('audit_log', {
  auditId: counter('audit_id').primaryKey().generatedAlwaysAsIdentity(),
  at: serverClock('at').notNull(),
  service: text('service').notNull(),
  keyId: counter('key_id').notNull(),
  keyName: text('key_name').notNull(),
  method: text('method').notNull(),
  route: text('route').notNull(),
  program: text('program'),
  requestId: text('request_id').notNull(),
  bodySha256: text('body_sha256'),
  summary: text('summary').notNull(),
});

export const auditOutcome = rewardbook.table('audit_outcome', {
  auditId: counter('audit_id').primaryKey(),
  at: serverClock('at').notNull(),
  status: integer('status').notNull(),
  bodySha256: text('body_sha256'),
});

export const event = rewardbook.table(
  'event',
  {
    programId: integer('program_id').notNull(),
    id: text('id').notNull(),
    source: text('source').notNull(),
    viewerId: text('viewer_id').notNull(),
    creatorId: text('creator_id').notNull(),
    contentId: text('content_id').notNull(),
    active: boolean('active').notNull(),
    occurredAt: counter('occurred_at').notNull(),
    batchId: counter('batch_id').notNull(),
  },
  (t) => [primaryKey({ columns: [t.programId, t.id, t.source, t.viewerId] })],
);

export const ingestBatch = rewardbook.table('ingest_batch', {
  batchId: counter('batch_id').primaryKey().generatedAlwaysAsIdentity(),
  programId: integer('program_id').notNull(),
  receivedAt: serverClock('received_at').notNull(),
  accepted: integer('accepted').notNull(),
  duplicates: integer('duplicates').notNull(),
  conflicts: integer('conflicts').notNull(),
  occurredMin: counter('occurred_min').notNull(),
  occurredMax: counter('occurred_max').notNull(),
  sealedAt: serverClock('sealed_at'),
  talliedAt: serverClock('tallied_at'),
  seenClose: integer('seen_close'),
});

export const refusedEvent = rewardbook.table('refused_event', {
  refusalId: counter('refusal_id').primaryKey().generatedAlwaysAsIdentity(),
  programId: integer('program_id').notNull(),
  receivedAt: serverClock('received_at').notNull(),
  lineIndex: integer('line_index').notNull(),
  eventId: text('event_id'),
  code: text('code').notNull(),
  message: text('message').notNull(),
  body: text('body').notNull(),
});

export const tally = rewardbook.table(
  'tally',
  {
    programId: integer('program_id').notNull(),
    period: text('period').notNull(),
    creatorId: text('creator_id').notNull(),
    likes: counter('likes').notNull(),
    unlikes: counter('unlikes').notNull(),
    follows: counter('follows').notNull(),
    unfollows: counter('unfollows').notNull(),
  },
  (t) => [primaryKey({ columns: [t.programId, t.period, t.creatorId] })],
);

export const journalEntry = rewardbook.table(
  'journal_entry',
  {
    programId: integer('program_id').notNull(),
    seq: counter('seq').notNull(),
    entryId: counter('entry_id').notNull(),
    entryKey: text('entry_key').notNull(),
    kind: text('kind').notNull(),
    effectiveAt: date('effective_at', { mode: 'string' }).notNull(),
    postedAt: serverClock('posted_at').notNull(),
    details: text('details').notNull(),
    reverses: text('reverses'),
    postingCount: integer('posting_count').notNull(),
    postingsHash: text('postings_hash').notNull(),
    hash: text('hash').notNull(),
  },
  (t) => [primaryKey({ columns: [t.programId, t.seq] })],
);

export const postingLine = rewardbook.table(
  'posting_line',
  {
    programId: integer('program_id').notNull(),
    entryId: counter('entry_id').notNull(),
    line: integer('line').notNull(),
    creatorId: text('creator_id').notNull(),
    account: text('account').notNull(),
    amount: numeric('amount').notNull(),
  },
  (t) => [primaryKey({ columns: [t.programId, t.creatorId, t.entryId, t.line] })],
);

export const balanceCheckpoint = rewardbook.table(
  'balance_checkpoint',
  {
    programId: integer('program_id').notNull(),
    creatorId: text('creator_id').notNull(),
    account: text('account').notNull(),
    debit: numeric('debit').notNull(),
    credit: numeric('credit').notNull(),
  },
  (t) => [primaryKey({ columns: [t.programId, t.creatorId, t.account] })],
);

export const revenue = rewardbook.table(
  'revenue',
  {
    programId: integer('program_id').notNull(),
    reference: text('reference').notNull(),
    period: text('period').notNull(),
    startsAt: counter('starts_at').notNull(),
    amount: numeric('amount').notNull(),
    corrects: text('corrects'),
    bookedBy: text('booked_by').notNull(),
    entryKey: text('entry_key').notNull(),
  },
  (t) => [primaryKey({ columns: [t.programId, t.reference] })],
);

export const engagement = rewardbook.table(
  'engagement',
  {
    programId: integer('program_id').notNull(),
    viewerId: text('viewer_id').notNull(),
    creatorId: text('creator_id').notNull(),
    contentId: text('content_id').notNull(),
    attemptId: counter('attempt_id').notNull(),
    occurredAt: counter('occurred_at').notNull(),
    eventId: text('event_id').notNull(),
    source: text('source').notNull(),
    active: boolean('active').notNull(),
    gainedClose: integer('gained_close'),
    lostClose: integer('lost_close'),
    suspended: boolean('suspended').notNull().default(false),
  },
  (t) => [primaryKey({ columns: [t.programId, t.viewerId, t.creatorId, t.contentId, t.attemptId] })],
);

export const exclusion = rewardbook.table(
  'exclusion',
  {
    programId: integer('program_id').notNull(),
    attemptId: counter('attempt_id').notNull(),
    viewerId: text('viewer_id').notNull(),
    eventId: text('event_id').notNull(),
    source: text('source').notNull(),
    creatorId: text('creator_id').notNull(),
    contentId: text('content_id').notNull(),
    occurredAt: counter('occurred_at').notNull(),
    rule: text('rule').notNull(),
    inRegister: boolean('in_register').notNull(),
  },
  (t) => [primaryKey({ columns: [t.programId, t.attemptId, t.viewerId, t.eventId, t.source] })],
);

export const allocation = rewardbook.table(
  'allocation',
  {
    programId: integer('program_id').notNull(),
    attemptId: counter('attempt_id').notNull(),
    creatorId: text('creator_id').notNull(),
    netLikes: counter('net_likes').notNull(),
    netFollows: counter('net_follows').notNull(),
    carriedIn: numeric('carried_in').notNull(),
    carriedOut: numeric('carried_out').notNull(),
    points: numeric('points').notNull(),
    weight: numeric('weight').notNull(),
    amount: numeric('amount').notNull(),
    void: boolean('void').notNull(),
  },
  (t) => [primaryKey({ columns: [t.programId, t.attemptId, t.creatorId] })],
);
