/** What can be asked for. */
export const REPORTS = [
  'payouts',
  'payout-run',
  'journal',
  'statement',
  'trial-balance',
  'summary',
  'commissions',
] as const;
export type PrintedReport = (typeof REPORTS)[number];

export const FORMATS = ['csv', 'json', 'xlsx', 'pdf', 'hledger'] as const;
export type ReportFormat = (typeof FORMATS)[number];
