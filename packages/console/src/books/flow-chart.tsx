import type { EChartsCoreOption } from 'echarts/core';
import { useCallback } from 'react';
import { Amount } from '../blocks/amount.tsx';
import { Chart } from '../blocks/chart/chart.tsx';
import type { ChartColours } from '../blocks/chart/colours.ts';
import { shortAxis } from '../blocks/chart/short-axis.ts';
import type { TableColumn } from '../blocks/table/column.ts';
import { DataTable } from '../blocks/table/data-table.tsx';
import { groupDigits } from '../format/decimal-text.ts';
import { toPlot } from '../format/plot.ts';
import type { FlowStep } from './money-flow.ts';

const COLUMNS: readonly TableColumn<FlowStep>[] = [
  { id: 'step', header: 'Step', isRowHeader: true, cell: ({ label }) => label },
  {
    id: 'amount',
    header: 'Amount',
    isNumeric: true,
    cell: ({ amount, kind }) => <Amount value={amount} isChange={kind === 'change'} />,
  },
  { id: 'after', header: 'After it', isNumeric: true, cell: ({ after }) => <Amount value={after} /> },
];

export interface FlowChartProps {
  readonly title: string;
  readonly currency: string;
  readonly steps: readonly FlowStep[];
}

/** Money from one end to the other, each step beginning where the one before ended. */
export function FlowChart({ title, currency, steps }: FlowChartProps) {
  const option = useCallback((colours: ChartColours) => optionOf(steps, colours), [steps]);
  const text = steps
    .map(
      ({ label, kind, amount }) =>
        `${kind === 'change' && !amount.startsWith('-') ? '+' : ''}${groupDigits(amount)} ${label}`,
    )
    .join('; ');
  return (
    <Chart
      title={title}
      text={`${currency}: ${text}.`}
      option={option}
      table={
        <DataTable caption={title} columns={COLUMNS} rows={steps} rowKey={({ label }) => label} empty="No steps" />
      }
    />
  );
}

function optionOf(steps: readonly FlowStep[], colours: ChartColours): EChartsCoreOption {
  // Bars stand on what is lower of before and after; those of totals on the axis.
  const ends = steps.map(({ kind, after }, index) => {
    const end = toPlot(after);
    const start = kind === 'total' ? 0 : toPlot(steps[index - 1]?.after ?? '0');
    return { low: Math.min(start, end), height: Math.abs(end - start) };
  });
  return {
    grid: { left: 8, right: 16, top: 8, bottom: 4, containLabel: true },
    tooltip: {
      renderMode: 'richText',
      trigger: 'item',
      backgroundColor: colours.raised,
      borderColor: colours.line,
      textStyle: { color: colours.ink },
      formatter: ({ dataIndex }: { dataIndex: number }) => {
        const step = steps[dataIndex];
        return step === undefined ? '' : `${step.label}\n${groupDigits(step.amount)}`;
      },
    },
    xAxis: { type: 'value', ...shortAxis(colours) },
    yAxis: {
      type: 'category',
      inverse: true,
      data: steps.map(({ label }) => label),
      axisLabel: { color: colours['ink-soft'], width: 150, overflow: 'break' },
      axisLine: { lineStyle: { color: colours.line } },
      axisTick: { show: false },
    },
    series: [
      {
        type: 'bar',
        stack: 'flow',
        silent: true,
        itemStyle: { color: 'transparent', decal: NO_PATTERN },
        data: ends.map(({ low }) => low),
      },
      {
        type: 'bar',
        stack: 'flow',
        barMaxWidth: 26,
        data: ends.map(({ height }, index) => ({
          value: height,
          itemStyle: styleOf(steps[index], colours),
        })),
      },
    ],
  };
}

const NO_PATTERN = { symbol: 'none' };
const STRIPES = {
  symbol: 'rect',
  dashArrayX: [1, 0],
  dashArrayY: [2, 5],
  rotation: -Math.PI / 4,
  color: 'rgb(0 0 0 / 25%)',
};

/** Totals are plain; what comes on top and what goes off differ by pattern too. */
function styleOf(step: FlowStep | undefined, colours: ChartColours) {
  if (step?.kind === 'total') {
    return { color: colours['chart-1'], decal: NO_PATTERN };
  }
  return step?.amount.startsWith('-') === true
    ? { color: colours['chart-5'], decal: STRIPES }
    : { color: colours['chart-3'], decal: NO_PATTERN };
}
