import type { StatementRow } from '@rewardbook/contracts/api/reports';
import type { EChartsCoreOption } from 'echarts/core';
import { useCallback, useMemo } from 'react';
import { Amount } from '../../blocks/amount.tsx';
import { Chart } from '../../blocks/chart/chart.tsx';
import type { ChartColours } from '../../blocks/chart/colours.ts';
import { shortAxis } from '../../blocks/chart/short-axis.ts';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { groupDigits } from '../../format/decimal-text.ts';
import { toPlot } from '../../format/plot.ts';
import { readableDate } from '../../format/time.ts';

/** The balance at the end of a date. */
interface BalancePoint {
  readonly date: string;
  readonly balance: string;
}

const COLUMNS: readonly TableColumn<BalancePoint>[] = [
  { id: 'date', header: 'Effective date', isRowHeader: true, cell: ({ date }) => readableDate(date) },
  { id: 'balance', header: 'Balance', isNumeric: true, cell: ({ balance }) => <Amount value={balance} /> },
];

export interface BalanceChartProps {
  readonly creator: string;
  readonly currency: string;
  readonly rows: readonly StatementRow[];
}

/** What the creator was owed, over time. */
export function BalanceChart({ creator, currency, rows }: BalanceChartProps) {
  const points = useMemo(() => pointsOf(rows), [rows]);
  const option = useCallback((colours: ChartColours) => optionOf(points, colours), [points]);
  const last = points.at(-1);
  if (last === undefined || points.length < 2) {
    return null;
  }
  const title = `Balance of ${creator}`;
  return (
    <Section title="Balance over time">
      <Chart
        title={title}
        text={`${currency} ${groupDigits(last.balance)} on ${readableDate(last.date)}, held amounts included; ${points.length} dates with a movement.`}
        option={option}
        table={
          <DataTable caption={title} columns={COLUMNS} rows={points} rowKey={({ date }) => date} empty="No movement" />
        }
      />
    </Section>
  );
}

function pointsOf(rows: readonly StatementRow[]): BalancePoint[] {
  const byDate = new Map<string, string>();
  for (const { line, effective_at: date, balance } of rows) {
    if (line === 'movement' && date !== null && balance !== null) {
      byDate.set(date, balance);
    }
  }
  return [...byDate].map(([date, balance]) => ({ date, balance }));
}

function optionOf(points: readonly BalancePoint[], colours: ChartColours): EChartsCoreOption {
  return {
    grid: { left: 8, right: 24, top: 16, bottom: 4, containLabel: true },
    tooltip: {
      renderMode: 'richText',
      trigger: 'axis',
      backgroundColor: colours.raised,
      borderColor: colours.line,
      textStyle: { color: colours.ink },
      formatter: (items: readonly { readonly dataIndex: number }[]) => {
        const point = points[items[0]?.dataIndex ?? -1];
        return point === undefined ? '' : `${readableDate(point.date)}\n${groupDigits(point.balance)}`;
      },
    },
    xAxis: {
      type: 'time',
      axisLabel: { color: colours['ink-soft'], hideOverlap: true },
      axisLine: { lineStyle: { color: colours.line } },
    },
    yAxis: { type: 'value', ...shortAxis(colours) },
    series: [
      {
        type: 'line',
        step: 'end',
        symbolSize: 6,
        lineStyle: { color: colours['chart-1'], width: 2 },
        itemStyle: { color: colours['chart-1'] },
        data: points.map(({ date, balance }) => [date, toPlot(balance)]),
      },
    ],
  };
}
