export { report } from '../../payout-reports/src/report.ts';
