import type { SelectedSizes } from '@rewardbook/lab/view/creator-rows';
import type { PolicyView, SizeCell } from '@rewardbook/lab/view/policy-view';
import { useCallback } from 'react';
import { Chart } from '../../blocks/chart/chart.tsx';
import type { ChartColours } from '../../blocks/chart/colours.ts';
import type { BrushedArea } from '../../blocks/chart/draw.ts';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { groupCount } from '../../format/counts.ts';
import { GRID, namedAxis, type Pointed, tooltip } from './chart-parts.ts';
import { binRange, binText } from './size-text.ts';

export interface BeforeAfterProps {
  readonly view: PolicyView;
  onSelect(sizes: SelectedSizes | undefined): void;
}

/** What each creator has after, against what they had before, both by powers of ten; an area that is drawn selects its creators. */
export function BeforeAfterChart({ view: { cells, currency, winners, losers }, onSelect }: BeforeAfterProps) {
  const option = useCallback((colours: ChartColours) => optionOf(cells, currency, colours), [cells, currency]);
  const onBrush = useCallback(
    (area: BrushedArea | undefined) =>
      onSelect(
        area === undefined
          ? undefined
          : {
              before: [Math.ceil(area[0][0]), Math.floor(area[0][1])],
              after: [Math.ceil(area[1][0]), Math.floor(area[1][1])],
            },
      ),
    [onSelect],
  );
  return (
    <Chart
      title="Before against after"
      isTitled
      fileName="before-after"
      size="tall"
      text={`${groupCount(winners)} creators are above the diagonal and ${groupCount(losers)} below it; the larger a dot, the more creators. Draw an area to list its creators below.`}
      option={option}
      onBrush={onBrush}
      table={
        <DataTable
          caption="Before against after"
          columns={columnsIn(currency, onSelect)}
          rows={cells}
          rowKey={({ before, after }) => `${before} ${after}`}
          empty="No creators"
        />
      }
    />
  );
}

function optionOf(cells: readonly SizeCell[], currency: string, colours: ChartColours) {
  const largest = cells.reduce((most, { creators }) => Math.max(most, creators), 1);
  const ends = cells.flatMap(({ before, after }) => [before, after]);
  const [min, max] = [Math.min(-1, ...ends), Math.max(1, ...ends) + 1];
  const axis = { type: 'value', min, max, minInterval: 6, interval: 6 };
  const label = { color: colours['ink-soft'], hideOverlap: true, formatter: (bin: number) => binText(bin, currency) };
  return {
    grid: GRID,
    toolbox: { show: false },
    brush: { xAxisIndex: 0, brushStyle: { color: 'rgb(0 0 0 / 8%)', borderColor: colours['chart-3'] } },
    tooltip: tooltip(colours, 'item', ({ dataIndex }: Pointed) => {
      const cell = cells[dataIndex];
      return cell === undefined
        ? ''
        : `${groupCount(cell.creators)} creators\nbefore ${binRange(cell.before, currency)}\nafter ${binRange(cell.after, currency)}`;
    }),
    xAxis: { ...axis, ...namedAxis(colours, `Before (${currency})`), axisLabel: label },
    yAxis: { ...axis, ...namedAxis(colours, `After (${currency})`), nameGap: 44, axisLabel: label },
    series: [
      {
        type: 'scatter',
        // A cell's area grows with its creators.
        data: cells.map(({ before, after, creators }) => ({
          value: [before, after],
          symbolSize: 4 + 16 * Math.sqrt(creators / largest),
          itemStyle: {
            color: after > before ? colours['chart-1'] : after < before ? colours['chart-2'] : colours['chart-5'],
          },
        })),
      },
      {
        type: 'line',
        silent: true,
        symbol: 'none',
        lineStyle: { color: colours.line, type: 'dashed' },
        data: [
          [min, min],
          [max, max],
        ],
      },
    ],
  };
}

function columnsIn(currency: string, onSelect: BeforeAfterProps['onSelect']): TableColumn<SizeCell>[] {
  return [
    {
      id: 'before',
      header: `Before (${currency})`,
      isRowHeader: true,
      cell: ({ before }) => binRange(before, currency),
    },
    { id: 'after', header: `After (${currency})`, cell: ({ after }) => binRange(after, currency) },
    { id: 'creators', header: 'Creators', isNumeric: true, cell: ({ creators }) => groupCount(creators) },
    {
      id: 'select',
      header: 'List them',
      cell: ({ before, after }) => (
        <button
          type="button"
          className="button button-small button-quiet"
          onClick={() => onSelect({ before: [before, before], after: [after, after] })}
        >
          List
          <span className="visually-hidden">
            {' '}
            creators with {binRange(before, currency)} before and {binRange(after, currency)} after
          </span>
        </button>
      ),
    },
  ];
}
