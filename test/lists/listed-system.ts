import { event, ingest } from '@rewardbook/ledger/test-support/books';
import { earn, openPayingProgram } from '@rewardbook/ledger/test-support/payout-books';
import { openService, type TestService } from '@rewardbook/ledger/test-support/service';
import { compose } from '@rewardbook/payout-reports/compose';
import { createLogger } from '@rewardbook/runtime/logger';
import type { Composed } from '@rewardbook/runtime/serve';
import { HOSTILE_IDS } from '../support/hostile-ids.ts';

const SLUG = 'listed';
const NOW = Date.parse('2024-12-15T00:00:00Z');
/** Sweeps come from the tests. */
const NEVER_MS = 3_600_000;

/** Ids that are each other's neighbours and prefixes, and ids that have broken pages before. */
export const CREATORS = [
  ...HOSTILE_IDS,
  ...Array.from({ length: 30 }, (_, index) => `c${String(index).padStart(2, '0')}`),
  'c0',
  'C01',
  'c0\u{10FFFF}',
  '100%',
  'under_score',
  'back\\slash',
];

/** The ledger and the reports on the books of one program that has paid once and has a draft. */
export interface ListedSystem {
  readonly service: TestService;
  readonly programId: number;
  /** As somebody who may do everything but read payments. */
  get(service: 'ledger' | 'reports', path: string): Promise<{ status: number; body: unknown; text: string }>;
  post(path: string, body?: object, asApprover?: boolean): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export async function openListedSystem(): Promise<ListedSystem> {
  const service = await openService({ now: () => NOW, sweepEveryMs: NEVER_MS });
  const reports = await composeReports(service);
  const key = await service.rootKey('olga', ['read', 'operate']);
  const approver = await service.rootKey('paul', ['approve']);
  const base = `/v1/programs/${SLUG}`;
  const post: ListedSystem['post'] = async (path, body, asApprover = false) => {
    const answer = await service.call(asApprover ? approver : key, 'POST', base + path, body);
    if (answer.status >= 300) {
      throw new Error(`POST ${path}: ${answer.status}: ${answer.text}`);
    }
    return answer.json();
  };
  const programId = await tellStory(service, post);
  return {
    service,
    programId,
    post,
    async get(name, path) {
      const { app } = name === 'ledger' ? service.composed : reports;
      const url = path.startsWith('/v1') ? path : base + path;
      const { statusCode, body, headers } = await app.inject({ url, headers: { authorization: `Bearer ${key}` } });
      const isJson = /^application\/(problem\+)?json/.test(String(headers['content-type']));
      return { status: statusCode, body: isJson ? JSON.parse(body) : undefined, text: body };
    },
    async close() {
      await reports.app.close();
      await reports.close();
      await service.close();
    },
  };
}

async function composeReports({ books }: TestService): Promise<Composed> {
  const logger = createLogger({ name: 'test', level: 'error' });
  const reports = await compose({ databaseUrl: books.database.serviceUrls.reports, logger });
  await reports.app.ready();
  return reports;
}

/** Two closed months with equal amounts among many; blocked viewers; who waits for each reason; a returned payout; a draft. */
async function tellStory({ books }: TestService, post: ListedSystem['post']): Promise<number> {
  const earners = (shift: number) =>
    CREATORS.map((creatorId, index) => ({
      creatorId,
      likes: (index + shift) % 5,
      taxCountry: index % 7 === 3 ? null : index % 2 === 0 ? 'ID' : 'BR',
    }));
  const programId = await openPayingProgram(
    books,
    SLUG,
    {
      payout: {
        minimum: '150.00',
        roundTo: '0.01',
        holdback: { share: '0.1', periods: 1 },
        withholding: { ID: '0.025' },
      },
      risk: { blockedViewers: ['bad', 'worse'] },
    },
    earners(0),
  );
  const excluded = CREATORS.flatMap((creatorId, index) => [
    event('like', index % 3 === 0 ? 'worse' : 'bad', creatorId, '2024-09-07T00:00:00Z', { contentId: 'k9' }),
    event('follow', 'bad', creatorId, '2024-09-08T00:00:00Z'),
  ]);
  await ingest(books.sql, programId, excluded);
  await earn(books, SLUG, '2024-09', earners(0));
  await post('/holds', { creatorId: 'c04', action: 'place', reason: 'fraud-review' });
  await post('/adjustments', {
    kind: 'clawback',
    creatorId: 'c07',
    amount: '900.00',
    reason: 'undone',
    reference: 'A-1',
  });
  await post('/adjustments', { creatorId: 'c08', amount: '33.33', reason: 'a gift', reference: 'A-2' });
  const first = await post('/payout-runs');
  await post(`/payout-runs/${first.runId}/approve`, { contentHash: first.contentHash }, true);
  await post(`/payout-runs/${first.runId}/export`);
  await post(`/payout-runs/${first.runId}/returns`, { creatorId: 'c05', reason: 'closed account' });
  await post(`/payout-runs/${first.runId}/settle`, { reference: 'bank-1' });
  await earn(books, SLUG, '2024-10', earners(2));
  await post('/payout-runs');
  return programId;
}
