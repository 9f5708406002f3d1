import { requestOutSchema } from '@rewardbook/contracts/api/approvals';
import { closeWatchedSchema } from '@rewardbook/contracts/api/live/books';
import { runDetailSchema, runOutSchema } from '@rewardbook/contracts/api/payout-runs';
import { periodOutSchema } from '@rewardbook/contracts/api/periods';
import { programOutSchema } from '@rewardbook/contracts/api/programs';
import {
  type PayoutRow,
  payoutRowSchema,
  reportSchema,
  type StatementRow,
  type SummaryRow,
  statementRowSchema,
  summaryRowSchema,
} from '@rewardbook/contracts/api/reports';
import { verifyRunsPageSchema } from '@rewardbook/contracts/api/verify';
import type { PointInTime } from '@rewardbook/contracts/values/point-in-time';
import { queryOptions } from '@tanstack/react-query';
import { askJson, path } from '../api/client.ts';
import { wholeList } from '../api/pages.ts';

// What several pages of the books read. A page's own reads are in the page's folder.

const CLOSING_POLL_MS = 1_000;

export const programsQuery = wholeList({ service: 'ledger', path: '/v1/programs' }, programOutSchema);

export function programQuery(program: string) {
  return queryOptions({
    queryKey: ['ledger', 'program', program],
    queryFn: ({ signal }) =>
      askJson({ service: 'ledger', path: path`/v1/programs/${program}`, signal }, programOutSchema),
    staleTime: 60_000,
  });
}

/** Periods that have revenue or a close, in order; asked for again while one is closing. */
export function periodsQuery(program: string) {
  return {
    ...wholeList({ service: 'ledger', path: path`/v1/programs/${program}/periods` }, periodOutSchema),
    refetchInterval: (query: { state: { data?: { items: readonly { status: string }[] } | undefined } }) =>
      query.state.data?.items.some(({ status }) => status === 'closing') === true ? CLOSING_POLL_MS : (false as const),
  };
}

export function periodQuery(program: string, period: string) {
  return queryOptions({
    queryKey: ['ledger', 'period', program, period],
    queryFn: ({ signal }) =>
      askJson({ service: 'ledger', path: path`/v1/programs/${program}/periods/${period}`, signal }, periodOutSchema),
    refetchInterval: ({ state }) => (state.data?.status === 'closing' ? CLOSING_POLL_MS : false),
  });
}

/** The verification that was started last; null before the first. */
export function lastVerifyQuery(program: string) {
  return queryOptions({
    queryKey: ['ledger', 'last-verify', program],
    queryFn: async ({ signal }) => {
      const call = { service: 'ledger', path: path`/v1/programs/${program}/verify-runs`, query: { limit: 1 } } as const;
      const { items } = await askJson({ ...call, signal }, verifyRunsPageSchema);
      return items[0] ?? null;
    },
  });
}

/** How the close of a period went. */
export function closeQuery(program: string, period: string) {
  return queryOptions({
    queryKey: ['ledger', 'close', program, period],
    queryFn: ({ signal }) =>
      askJson(
        { service: 'ledger', path: path`/v1/programs/${program}/periods/${period}/close`, signal },
        closeWatchedSchema,
      ),
  });
}

export function runsQuery(program: string) {
  return wholeList({ service: 'ledger', path: path`/v1/programs/${program}/payout-runs` }, runOutSchema);
}

export function runQuery(program: string, run: string) {
  return queryOptions({
    queryKey: ['ledger', 'run', program, run],
    queryFn: ({ signal }) =>
      askJson({ service: 'ledger', path: path`/v1/programs/${program}/payout-runs/${run}`, signal }, runDetailSchema),
  });
}

export function pendingRequestsQuery(program: string) {
  return wholeList(
    { service: 'ledger', path: path`/v1/programs/${program}/approvals`, query: { status: 'pending' } },
    requestOutSchema,
  );
}

/** A row for each period: what it had, gave, and how evenly. */
export function summaryQuery(program: string, period?: string) {
  return queryOptions({
    queryKey: ['reports', 'summary', program, period],
    queryFn: async ({ signal }): Promise<SummaryRow[]> => {
      const call = reportCall(program, 'summary', { period });
      return (await askJson({ ...call, signal }, reportSchema(summaryRowSchema))).rows;
    },
  });
}

/** A row for each payout run and creator. Only with a creator or a run that is known to be small: the report has no pages. */
export function payoutRowsQuery(program: string, filter: { readonly creator?: string; readonly period?: string }) {
  return queryOptions({
    queryKey: ['reports', 'payouts', program, filter],
    queryFn: async ({ signal }): Promise<PayoutRow[]> => {
      const call = reportCall(program, 'payouts', filter);
      return (await askJson({ ...call, signal }, reportSchema(payoutRowSchema))).rows;
    },
  });
}

/** A creator's balance and movements, now or as they were. */
export function statementQuery(program: string, creator: string, at: PointInTime = {}) {
  return queryOptions({
    queryKey: ['reports', 'statement', program, creator, at.asOf, at.effective],
    queryFn: async ({ signal }): Promise<StatementRow[]> => {
      const call = reportCall(program, 'statement', { creator, asOf: at.asOf, effective: at.effective });
      return (await askJson({ ...call, signal }, reportSchema(statementRowSchema))).rows;
    },
  });
}

/** A report as JSON. */
function reportCall(program: string, report: string, query: Readonly<Record<string, string | undefined>>) {
  return {
    service: 'reports',
    path: path`/v1/programs/${program}/reports/${report}`,
    query: { ...query, format: 'json' },
  } as const;
}

/** The files that a report comes as, with the same filter as a page. */
export function reportFiles(
  program: string,
  report: string,
  formats: readonly string[],
  query: Readonly<Record<string, string | undefined>>,
) {
  return formats.map((format) => ({
    label: FORMAT_NAMES[format] ?? format,
    call: { ...reportCall(program, report, query), query: { ...query, format } },
    fileName: format === 'json' ? `${program}-${report}.json` : '',
  }));
}

const FORMAT_NAMES: Readonly<Record<string, string>> = {
  csv: 'CSV',
  json: 'JSON',
  xlsx: 'Excel',
  pdf: 'PDF',
  hledger: 'hledger',
};
