import type { AttackAnswer } from '@rewardbook/lab/answer/try-attack';
import type { AttackResult } from '@rewardbook/simulate/attack/attack';
import { useCallback } from 'react';
import { Amount } from '../../blocks/amount.tsx';
import { Chart } from '../../blocks/chart/chart.tsx';
import type { ChartColours } from '../../blocks/chart/colours.ts';
import { shortAxis } from '../../blocks/chart/short-axis.ts';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { groupCount } from '../../format/counts.ts';
import { groupDigits, isNegative } from '../../format/decimal-text.ts';
import { toPlot } from '../../format/plot.ts';
import { GRID, legend, type Pointed, tooltip } from '../answers/chart-parts.ts';
import { KINDS } from './attack-question.ts';

/** What an attack comes to under each policy and set of rules. */
export function AttackView({ answer: { results, currency, creatorIds, kind } }: { readonly answer: AttackAnswer }) {
  const option = useCallback((colours: ChartColours) => optionOf(results, currency, colours), [results, currency]);
  const best = results.reduce(
    (most, result) => (toPlot(result.gain) > toPlot(most.gain) ? result : most),
    results[0] as AttackResult,
  );
  const title = 'Gain and honest loss by policy and rule';
  return (
    <Section title={`${KINDS[kind]} for ${creatorIds.join(', ')}`}>
      <Chart
        title={title}
        isTitled
        fileName="attack"
        text={`The attacker gains most under ${best.policy.replace('.yaml', '')} with rules ${best.rules}: ${groupDigits(best.gain)} ${currency}${best.breakEvenPrice === null ? '' : `; it pays below ${groupDigits(best.breakEvenPrice)} for an event`}.`}
        option={option}
        table={
          <DataTable
            caption={title}
            columns={columnsIn(currency)}
            rows={results}
            rowKey={({ policy, rules }) => `${policy} ${rules}`}
            empty="No cases"
          />
        }
      />
      <DataTable
        caption={`Attack, ${currency}`}
        columns={columnsIn(currency)}
        rows={results}
        rowKey={({ policy, rules }) => `${policy} ${rules}`}
        empty="No cases"
      />
    </Section>
  );
}

function optionOf(results: readonly AttackResult[], currency: string, colours: ChartColours) {
  return {
    grid: GRID,
    legend: legend(colours),
    tooltip: tooltip(colours, 'axis', ([point]: readonly Pointed[]) => {
      const result = results[point?.dataIndex ?? -1];
      return result === undefined
        ? ''
        : `${result.policy}, ${result.rules}\ngain ${groupDigits(result.gain)} ${currency}\nhonest loss ${groupDigits(result.honestLoss)}\nbreak-even price ${result.breakEvenPrice ?? 'none'}`;
    }),
    xAxis: { type: 'value', ...shortAxis(colours) },
    yAxis: {
      type: 'category',
      inverse: true,
      data: results.map(({ policy, rules }) => `${policy.replace('.yaml', '')}, ${rules}`),
      axisLabel: { color: colours['ink-soft'], width: 180, overflow: 'break' },
    },
    series: [
      {
        name: 'Gain',
        type: 'bar',
        itemStyle: { color: colours['chart-2'] },
        data: results.map(({ gain }) => toPlot(gain)),
      },
      {
        name: 'Honest loss',
        type: 'bar',
        itemStyle: { color: colours['chart-4'] },
        data: results.map(({ honestLoss }) => toPlot(honestLoss)),
      },
    ],
  };
}

function columnsIn(currency: string): TableColumn<AttackResult>[] {
  return [
    { id: 'policy', header: 'Policy', isRowHeader: true, cell: ({ policy }) => policy.replace('.yaml', '') },
    { id: 'method', header: 'Method', cell: ({ allocation }) => allocation.method },
    { id: 'rules', header: 'Rules', cell: ({ rules }) => rules },
    { id: 'gain', header: `Gain (${currency})`, isNumeric: true, cell: ({ gain }) => <Amount value={gain} isChange /> },
    {
      id: 'price',
      header: 'Pays below, an event',
      isNumeric: true,
      cell: ({ breakEvenPrice }) => (breakEvenPrice === null ? '–' : groupDigits(breakEvenPrice)),
    },
    {
      id: 'profit',
      header: 'Profit',
      isNumeric: true,
      cell: ({ profit }) => (
        <span className={isNegative(profit) ? 'amount amount-negative' : 'amount'}>{groupDigits(profit)}</span>
      ),
    },
    { id: 'loss', header: 'Others lose', isNumeric: true, cell: ({ honestLoss }) => <Amount value={honestLoss} /> },
    { id: 'losers', header: 'Losers', isNumeric: true, cell: ({ losers }) => groupCount(losers) },
    {
      id: 'stopped',
      header: 'Stopped by',
      cell: ({ excluded }) =>
        excluded
          .filter(({ events }) => events > 0)
          .map(({ rule, events }) => `${rule} ${groupCount(events)}`)
          .join(', '),
    },
  ];
}
