import type { EstimatedPoint, MeasuredPoint } from '@rewardbook/simulate/whatif/sweep';
import { type Column, grouped, groupedCount, renderTable } from '../../terminal/table.ts';

const right = (titles: readonly string[]): Column[] => titles.map((title) => ({ title, align: 'right' }));

const keysOf = (points: readonly { readonly settings: Readonly<Record<string, string>> }[]): string[] =>
  Object.keys(points[0]?.settings ?? {});

/** Points of a sweep for people. */
export function describePoints(points: readonly MeasuredPoint[]): string {
  const keys = keysOf(points);
  const figures = ['allocated', 'gini', 'top 1%', 'top 10%', 'palma', 'winners', 'losers', 'money moved'];
  return renderTable(
    right([...keys, ...figures]),
    points.map(({ settings, metrics, ...point }) => [
      ...keys.map((key) => settings[key] ?? ''),
      grouped(point.allocated),
      metrics.gini ?? '-',
      metrics.top1Share ?? '-',
      metrics.top10Share ?? '-',
      metrics.palma ?? '-',
      groupedCount(point.winners),
      groupedCount(point.losers),
      grouped(point.moneyMoved),
    ]),
  );
}

const SHOWN = ['gini', 'top10Share', 'palma', 'allocated', 'moneyMoved', 'winners'] as const;

/** Estimates for people: mean, and the interval below it. */
export function describeEstimates(points: readonly EstimatedPoint[]): string {
  const keys = keysOf(points);
  const table = renderTable(
    right([...keys, ...SHOWN]),
    points.map(({ settings, estimates }) => [
      ...keys.map((key) => settings[key] ?? ''),
      ...SHOWN.map((figure) => {
        const found = estimates[figure];
        if (found === null) {
          return '-';
        }
        return found.low === null ? found.mean : `${found.mean} (${found.low} to ${found.high})`;
      }),
    ]),
  );
  return `${table}Mean over seeds and its two-sided 95% t interval; allocated and moneyMoved are fractions of what was funded.\n`;
}
