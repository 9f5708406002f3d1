import type { IngestRates, IngestSecond } from '@rewardbook/contracts/api/live/ingest';
import type { EChartsCoreOption } from 'echarts/core';
import { useCallback, useMemo } from 'react';
import { Chart } from '../../blocks/chart/chart.tsx';
import type { ChartColours } from '../../blocks/chart/colours.ts';
import { shortAxis } from '../../blocks/chart/short-axis.ts';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { groupCount } from '../../format/counts.ts';
import { readableTime } from '../../format/time.ts';
import { everySecond, type IngestOutcomeName, OUTCOMES, rateOf } from './rates.ts';

const NAMES: Readonly<Record<IngestOutcomeName, string>> = {
  accepted: 'Accepted',
  duplicates: 'Duplicates',
  conflicts: 'Conflicts',
  rejected: 'Rejected',
};
const LINES: Readonly<
  Record<IngestOutcomeName, { colour: keyof ChartColours; type: 'solid' | 'dashed' | 'dotted'; width: number }>
> = {
  accepted: { colour: 'chart-1', type: 'solid', width: 2 },
  duplicates: { colour: 'chart-3', type: 'dashed', width: 2 },
  conflicts: { colour: 'chart-2', type: 'dotted', width: 2.5 },
  rejected: { colour: 'bad', type: 'solid', width: 1.5 },
};

/** The last minute, second by second. */
export function RatesChart({ rates, timeZone }: { readonly rates: IngestRates; readonly timeZone: string }) {
  const seconds = useMemo(() => everySecond(rates), [rates]);
  const option = useCallback(
    (colours: ChartColours) => optionOf(seconds, { colours, timeZone, now: rates.now }),
    [seconds, timeZone, rates.now],
  );
  const columns = useMemo(() => columnsOf(timeZone), [timeZone]);
  const busy = seconds.filter((second) => OUTCOMES.some((outcome) => second[outcome] > 0)).reverse();
  const totals = OUTCOMES.map(
    (outcome) => `${groupCount(rateOf(rates, outcome).total)} ${NAMES[outcome].toLowerCase()}`,
  );
  return (
    <Chart
      title="Events a second"
      text={`In the last ${seconds.length} seconds: ${totals.join(', ')}.`}
      option={option}
      table={
        <DataTable
          caption="Events a second"
          columns={columns}
          rows={busy}
          rowKey={({ second }) => String(second)}
          empty="Nothing arrived in this minute."
        />
      }
    />
  );
}

function columnsOf(timeZone: string): TableColumn<IngestSecond>[] {
  return [
    { id: 'second', header: 'Second', isRowHeader: true, cell: ({ second }) => timeOf(second, timeZone) },
    ...OUTCOMES.map(
      (outcome): TableColumn<IngestSecond> => ({
        id: outcome,
        header: NAMES[outcome],
        isNumeric: true,
        cell: (row) => groupCount(row[outcome]),
      }),
    ),
  ];
}

function timeOf(second: number, timeZone: string): string {
  return readableTime(new Date(second * 1000).toISOString(), timeZone).time;
}

interface Drawn {
  readonly colours: ChartColours;
  readonly timeZone: string;
  readonly now: number;
}

function optionOf(seconds: readonly IngestSecond[], { colours, timeZone, now }: Drawn): EChartsCoreOption {
  return {
    animation: false, // it moves each second anyway
    grid: { left: 8, right: 16, top: 36, bottom: 4, containLabel: true },
    legend: {
      type: 'scroll',
      top: 0,
      left: 0,
      textStyle: { color: colours.ink },
      data: OUTCOMES.map((outcome) => NAMES[outcome]),
    },
    tooltip: {
      renderMode: 'richText',
      trigger: 'axis',
      backgroundColor: colours.raised,
      borderColor: colours.line,
      textStyle: { color: colours.ink },
      formatter: (items: readonly { readonly dataIndex: number }[]) => {
        const second = seconds[items[0]?.dataIndex ?? -1];
        return second === undefined
          ? ''
          : [
              timeOf(second.second, timeZone),
              ...OUTCOMES.map((outcome) => `${NAMES[outcome]} ${groupCount(second[outcome])}`),
            ].join('\n');
      },
    },
    xAxis: {
      type: 'value',
      min: -60,
      max: 0,
      interval: 15,
      axisLabel: { color: colours['ink-soft'], formatter: (at: number) => (at === 0 ? 'now' : `${at} s`) },
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
      splitLine: { show: false },
    },
    yAxis: {
      type: 'value',
      min: 0,
      axisLine: { show: false },
      axisTick: { show: false },
      minInterval: 1,
      ...shortAxis(colours),
    },
    series: OUTCOMES.map((outcome) => ({
      name: NAMES[outcome],
      type: 'line',
      showSymbol: false,
      lineStyle: { color: colours[LINES[outcome].colour], type: LINES[outcome].type, width: LINES[outcome].width },
      itemStyle: { color: colours[LINES[outcome].colour] },
      data: seconds.map((second) => [second.second - now, second[outcome]]),
    })),
  };
}
