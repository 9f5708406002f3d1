import {
  REPORTS as DATA_REPORTS,
  REPORT_FORMATS,
  type ReportName,
  reportQuerySchemas,
} from '@rewardbook/contracts/api/reports';

/** What can be asked for: the data, and the signed summary of a run. */
export type PrintedReport = ReportName | 'payout-run';
export const REPORTS: readonly PrintedReport[] = [...DATA_REPORTS, 'payout-run'];

export type ReportFormat = (typeof REPORT_FORMATS)[PrintedReport][number];
export const FORMATS: readonly ReportFormat[] = [...new Set(Object.values(REPORT_FORMATS).flat())];

/** What has an option of its own. */
const OPTIONS = new Set(['period', 'run', 'creator', 'asOf', 'effective', 'format']);

/** What else a report can be filtered by, as its service names it. */
export function filtersOf(report: PrintedReport): string[] {
  return Object.keys(reportQuerySchemas[report].shape).filter((name) => !OPTIONS.has(name));
}
