import { auditOutSchema } from '@rewardbook/contracts/api/access/audit-log';
import { ALLOCATION_KINDS, ALLOCATION_SORTS, allocationTotalsSchema } from '@rewardbook/contracts/api/allocations';
import { creatorBalanceSchema } from '@rewardbook/contracts/api/creator-balance';
import { creatorsCountSchema, creatorsPageSchema } from '@rewardbook/contracts/api/creators';
import { excludedEventSchema } from '@rewardbook/contracts/api/excluded-events';
import { entryOutSchema, journalPageSchema } from '@rewardbook/contracts/api/journal';
import {
  allocationRowSchema,
  creatorRowSchema,
  journalRowSchema,
  reportSchema,
} from '@rewardbook/contracts/api/reports';
import { allocationOutSchema, periodOutcomeSchema, periodResultSchema } from '@rewardbook/contracts/api/result';
import type { AllocationFilter } from '@rewardbook/db/lists/allocations';
import { keepOrder } from '@rewardbook/db/lists/sheets';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { CREATORS, type ListedSystem, openListedSystem } from './listed-system.ts';
import { compareDecimals, containsText, expectFiles, readList, sorted, sumDecimals, withQuery } from './read-list.ts';

const PERIOD = '2024-09';
const ORDERS = ['asc', 'desc'] as const;

/** Each asks hundreds of times. */
vi.setConfig({ testTimeout: 180_000 });

let system: ListedSystem;
beforeAll(async () => {
  system = await openListedSystem();
});
afterAll(() => system?.close());

it('allocations page by page are those of the result, sorted, filtered and summed; the report has the same', async () => {
  const path = `/periods/${PERIOD}/allocations`;
  const result = periodResultSchema.parse((await system.get('ledger', `/periods/${PERIOD}/result`)).body);
  const { excluded, metrics, resultHash } = periodOutcomeSchema.parse(
    (await system.get('ledger', `/periods/${PERIOD}/outcome`)).body,
  );
  expect({ excluded, metrics, resultHash }).toEqual({
    excluded: result.excluded,
    metrics: result.metrics,
    resultHash: result.resultHash,
  });
  const filters: AllocationFilter[] = [
    {},
    ...ALLOCATION_KINDS.map((only) => ({ only })),
    { find: 'C0' },
    { prefix: 'c' },
    { only: 'paid', amountFrom: '200.00', amountTo: '300.00' },
  ];
  const { sql } = system.service.books;
  const [close] = await sql<
    { attempt: string }[]
  >`SELECT attempt_id::text AS attempt FROM close WHERE period = ${PERIOD}`;
  for (const isKept of [false, true]) {
    if (isKept) {
      const list = { programId: system.programId, list: 'allocations', listNo: close?.attempt ?? '' } as const;
      expect(await keepOrder(sql, list)).toBe(true);
    }
    for (const filter of filters) {
      const wanted = result.creators.filter(
        ({ creatorId, amount, carriedOut }) =>
          (filter.only !== 'paid' || compareDecimals(amount, '0') > 0) &&
          (filter.only !== 'unpaid' || compareDecimals(amount, '0') === 0) &&
          (filter.only !== 'carried' || carriedOut !== '0') &&
          (filter.only !== 'void' || false) &&
          (filter.find === undefined || containsText(creatorId, filter.find)) &&
          (filter.prefix === undefined || creatorId.startsWith(filter.prefix)) &&
          (filter.amountFrom === undefined || compareDecimals(amount, filter.amountFrom) >= 0) &&
          (filter.amountTo === undefined || compareDecimals(amount, filter.amountTo) <= 0),
      );
      for (const sort of ALLOCATION_SORTS) {
        for (const order of ORDERS) {
          const read = await readList(system, 'ledger', path, allocationOutSchema, {
            ...filter,
            sort,
            order,
            limit: 4,
          });
          const key = sort === 'creator' ? undefined : (row: (typeof wanted)[number]) => row[sort];
          expect(read, JSON.stringify({ ...filter, sort, order })).toEqual(
            sorted(wanted, order, ({ creatorId }) => creatorId, key),
          );
        }
      }
      const totals = allocationTotalsSchema.parse(
        (await system.get('ledger', withQuery(`${path}/totals`, { ...filter }))).body,
      );
      expect([totals.count, totals.amount]).toEqual([
        wanted.length,
        sumDecimals(
          wanted.map(({ amount }) => amount),
          2,
        ),
      ]);
      const query = { ...filter, period: PERIOD, format: 'json' };
      const report = await system.get('reports', withQuery('/reports/allocations', query));
      const { rows } = reportSchema(allocationRowSchema).parse(report.body);
      expect(rows.map(({ creator_id, amount, points }) => [creator_id, amount, points])).toEqual(
        wanted.map(({ creatorId, amount, points }) => [creatorId, amount, points]),
      );
    }
  }
});

it('journal entries are found in both directions, by every filter; the report has postings of the same entries', async () => {
  const all = await readList(system, 'ledger', '/journal', entryOutSchema, { limit: 1_000 });
  expect(all.map(({ seq }) => seq)).toEqual(all.map((_, index) => index + 1));
  const { sql } = system.service.books;
  const ofCreator = await sql<{ seq: number }[]>`
    SELECT DISTINCT e.seq::float8 AS seq FROM journal_entry e JOIN posting p USING (program_id, entry_id)
    WHERE p.creator_id = 'c07' ORDER BY 1`;
  const isFound: Record<string, (entry: (typeof all)[number]) => boolean> = {
    '': () => true,
    'kind=close': ({ kind }) => kind === 'close',
    'kind=no-such': () => false,
    'find=PAYOUT-RUN': ({ entryKey, details }) => containsText(`${entryKey} ${JSON.stringify(details)}`, 'payout-run'),
    'find=a gift': ({ details }) => containsText(JSON.stringify(details), 'a gift'),
    'fromSeq=3&toSeq=6': ({ seq }) => seq >= 3 && seq <= 6,
    'effectiveFrom=2024-10-01&effectiveTo=2024-10-31': ({ effectiveAt }) =>
      effectiveAt >= '2024-10-01' && effectiveAt <= '2024-10-31',
    'creator=c07': ({ seq }) => ofCreator.some((one) => one.seq === seq),
    'creator=c07&kind=clawback': ({ kind, seq }) => kind === 'clawback' && ofCreator.some((one) => one.seq === seq),
    'creator=nobody': () => false,
  };
  for (const [text, fits] of Object.entries(isFound)) {
    const filter = Object.fromEntries(new URLSearchParams(text));
    const wanted = all.filter(fits);
    for (const order of ORDERS) {
      const read = await readList(system, 'ledger', '/journal', entryOutSchema, { ...filter, order, limit: 2 });
      expect(read, `${text} ${order}`).toEqual(order === 'asc' ? wanted : wanted.toReversed());
    }
    const report = await system.get('reports', withQuery('/reports/journal', { ...filter, format: 'json' }));
    const rows = reportSchema(journalRowSchema).parse(report.body).rows;
    expect([...new Set(rows.map(({ seq }) => seq))], text).toEqual(wanted.map(({ seq }) => seq));
  }
  expect((await system.get('reports', '/reports/journal?format=hledger&kind=close')).status).toBe(400);

  const [, , third] = all;
  const asOf = third?.postedAt ?? '';
  const then = all.filter(({ postedAt }) => postedAt <= asOf);
  expect(then.length).toBeGreaterThanOrEqual(3);
  expect(then.length).toBeLessThan(all.length);
  for (const order of ORDERS) {
    const read = await readList(system, 'ledger', '/journal', entryOutSchema, { asOf, order, limit: 2 });
    expect(read, order).toEqual(order === 'asc' ? then : then.toReversed());
  }
  const page = await system.get('ledger', withQuery('/journal', { asOf }));
  expect(journalPageSchema.parse(page.body).lastSeq).toBe(then.length);
  expect((await system.get('ledger', '/journal?asOf=yesterday')).status).toBe(400);
});

it('registered creators are found in both directions, by every filter, with what is payable; the report has the same', async () => {
  const item = creatorsPageSchema.shape.items.element;
  const all = await readList(system, 'ledger', '/creators', item, { limit: 1_000 });
  expect(all.map(({ creatorId }) => creatorId)).toEqual(sorted(CREATORS, 'asc', (id) => id));
  const isFound: Record<string, (creator: string) => boolean> = {
    '': () => true,
    'find=C0': (id) => containsText(id, 'c0'),
    'prefix=c0': (id) => id.startsWith('c0'),
    'country=ID': () => true,
    'country=BR': () => false,
    'onHold=true': (id) => ['c04', 'c05'].includes(id),
    'onHold=false': (id) => !['c04', 'c05'].includes(id),
  };
  for (const [text, fits] of Object.entries(isFound)) {
    const filter = Object.fromEntries(new URLSearchParams(text));
    const wanted = all.filter(({ creatorId }) => fits(creatorId));
    for (const order of ORDERS) {
      const read = await readList(system, 'ledger', '/creators', item, { ...filter, order, limit: 4 });
      expect(read, `${text} ${order}`).toEqual(order === 'asc' ? wanted : wanted.toReversed());
    }
    const count = creatorsCountSchema.parse((await system.get('ledger', withQuery('/creators/count', filter))).body);
    expect(count).toMatchObject({ count: wanted.length, isExact: true });
    const report = await system.get('reports', withQuery('/reports/creators', { ...filter, format: 'json' }));
    const { rows } = reportSchema(creatorRowSchema).parse(report.body);
    expect(rows.map(({ creator_id }) => creator_id)).toEqual(wanted.map(({ creatorId }) => creatorId));
  }
  const withBalances = await readList(system, 'ledger', '/creators', item, { balances: 'true', limit: 9 });
  expect(withBalances.filter(({ onHold }) => onHold).map(({ creatorId }) => creatorId)).toEqual(['c04', 'c05']);
  for (const { creatorId, payable, onHold } of withBalances) {
    const { body } = await system.get('reports', `/creators/${encodeURIComponent(creatorId)}/balance`);
    if (creatorId === '.' || creatorId === '..') {
      continue; // steps of a path to a client; the console writes them otherwise
    }
    const balance = creatorBalanceSchema.parse(body);
    expect([payable, onHold]).toEqual([balance.payable, balance.holds.length > 0]);
  }
});

it('a creator’s balance accounts for all that was ever booked for the creator', async () => {
  const seen = { owed: 0, returned: 0, drafted: 0, paid: 0, held: 0, onHold: 0 };
  for (const creatorId of CREATORS.filter((id) => !/^\.+$/.test(id))) {
    const { body, text } = await system.get('reports', `/creators/${encodeURIComponent(creatorId)}/balance`);
    const balance = creatorBalanceSchema.safeParse(body);
    if (!balance.success) {
      throw new Error(`${creatorId}: ${text}`);
    }
    const { final, adjusted, payable, held, inRuns, paid, withheld } = balance.data;
    expect(sumDecimals([final, adjusted], 2), creatorId).toBe(sumDecimals([payable, held, inRuns, paid, withheld], 2));
    for (const name of Object.keys(seen) as (keyof typeof seen)[]) {
      seen[name] += compareDecimals(balance.data[name], '0') === 0 ? 0 : 1;
    }
  }
  expect(Object.entries(seen).filter(([, count]) => count === 0)).toEqual([]);
  expect(seen).toMatchObject({ owed: 1, returned: 1 });
  expect((await system.get('reports', '/creators/nobody/balance')).status).toBe(404);
});

it('what rules excluded is listed event by event, as many of each as the result says', async () => {
  const path = `/periods/${PERIOD}/excluded-events`;
  const { excluded } = periodOutcomeSchema.parse((await system.get('ledger', `/periods/${PERIOD}/outcome`)).body);
  const all = await readList(system, 'reports', path, excludedEventSchema, { limit: 7 });
  expect(all).toHaveLength(2 * CREATORS.length);
  expect(excluded.map(({ rule, events }) => [rule, events])).toEqual([['blockedViewers', all.length]]);
  for (const query of [
    { rule: 'blockedViewers' },
    { rule: 'tooLate' },
    { creator: 'c05' },
    { viewer: 'worse', creator: '..' },
  ]) {
    const read = await readList(system, 'reports', path, excludedEventSchema, { ...query, limit: 1 });
    expect(read, JSON.stringify(query)).toEqual(
      all.filter(
        ({ excludedBy, creatorId, viewerId }) =>
          (query.rule === undefined || excludedBy === query.rule) &&
          (query.creator === undefined || creatorId === query.creator) &&
          (query.viewer === undefined || viewerId === query.viewer),
      ),
    );
    await expectFiles(system, 'reports', path, excludedEventSchema, query, read);
  }
  expect((await system.get('reports', '/periods/2024-11/excluded-events/file')).status).toBe(409);
  expect((await system.get('reports', '/periods/2024-11/excluded-events')).status).toBe(409);
});

it('the audit log is found in both directions, by person, action, program, outcome and time', async () => {
  await system.service.call('no-key', 'POST', '/v1/programs/listed/holds', {});
  await system.post('/holds', { creatorId: 'c09', action: 'place', reason: 'UPPER' }).catch(() => undefined);
  const all = await readList(system, 'ledger', '/v1/audit-log', auditOutSchema, { limit: 1_000 });
  const middle = all[Math.floor(all.length / 2)]?.at ?? '';
  const isFound: Record<string, (row: (typeof all)[number]) => boolean> = {
    '': () => true,
    'key=paul': ({ keyName }) => keyName === 'paul',
    'action=payout-RUNS': ({ route }) => route.includes('payout-runs'),
    'action=POST': ({ method }) => method === 'POST',
    'program=listed': ({ program }) => program === 'listed',
    'program=other': () => false,
    'outcome=done': ({ status }) => status !== null && status < 300,
    'outcome=refused': ({ status }) => status !== null && status >= 400 && status < 500,
    'outcome=failed': ({ status }) => status !== null && status >= 500,
    'outcome=open': ({ status }) => status === null,
    [`since=${middle}`]: ({ at }) => at >= middle,
    [`until=${middle}`]: ({ at }) => at < middle,
  };
  for (const [text, fits] of Object.entries(isFound)) {
    const filter = Object.fromEntries(new URLSearchParams(text));
    const wanted = all.filter(fits);
    for (const order of ORDERS) {
      const read = await readList(system, 'ledger', '/v1/audit-log', auditOutSchema, { ...filter, order, limit: 2 });
      expect(read, `${text} ${order}`).toEqual(order === 'asc' ? wanted : wanted.toReversed());
      await expectFiles(system, 'ledger', '/v1/audit-log', auditOutSchema, { ...filter, order }, read);
    }
  }
  expect(isFound['outcome=refused'] && all.filter(isFound['outcome=refused']).length).toBeGreaterThan(0);
});
