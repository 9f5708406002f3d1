import type { PolicyView } from '@rewardbook/lab/view/policy-view';
import { useCallback, useMemo } from 'react';
import { Amount } from '../../blocks/amount.tsx';
import { Chart } from '../../blocks/chart/chart.tsx';
import type { ChartColours } from '../../blocks/chart/colours.ts';
import { shortAxis } from '../../blocks/chart/short-axis.ts';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { groupCount } from '../../format/counts.ts';
import { groupDigits, percentOf } from '../../format/decimal-text.ts';
import { toPlot } from '../../format/plot.ts';
import { GRID, legend, namedAxis, type Pointed, tooltip } from './chart-parts.ts';
import { binRange, binText } from './size-text.ts';

interface OfView {
  readonly view: PolicyView;
}

/** Which part of the money the poorest creators have together. */
export function LorenzChart({ view: { lorenz } }: OfView) {
  const rows = useMemo(
    () =>
      lorenz.before.map(({ creators, money }, index) => ({
        creators,
        before: money,
        after: lorenz.after[index]?.money ?? '',
      })),
    [lorenz],
  );
  const option = useCallback(
    (colours: ChartColours) => ({
      grid: GRID,
      legend: legend(colours),
      tooltip: tooltip(colours, 'axis', ([point]: readonly Pointed[]) => {
        const row = rows[point?.dataIndex ?? -1];
        return row === undefined
          ? ''
          : `The poorest ${percentOf(row.creators)} have\nbefore ${percentOf(row.before)}\nafter ${percentOf(row.after)}`;
      }),
      xAxis: { type: 'value', max: 1, ...namedAxis(colours, 'Creators, the poorest first') },
      yAxis: { type: 'value', max: 1, ...shortAxis(colours) },
      series: [
        line(
          'Before',
          colours['chart-5'],
          lorenz.before.map(({ creators, money }) => [toPlot(creators), toPlot(money)]),
        ),
        line(
          'After',
          colours['chart-1'],
          lorenz.after.map(({ creators, money }) => [toPlot(creators), toPlot(money)]),
        ),
        {
          ...line('Equal', colours.line, [
            [0, 0],
            [1, 1],
          ]),
          lineStyle: { color: colours.line, type: 'dashed' },
          symbol: 'none',
        },
      ],
    }),
    [lorenz, rows],
  );
  const half = rows.find(({ creators }) => creators === '0.500000');
  return (
    <Chart
      title="Lorenz curves"
      isTitled
      fileName="lorenz"
      text={
        half === undefined
          ? 'Nobody gets anything.'
          : `The poorer half of the creators has ${percentOf(half.before)} before and ${percentOf(half.after)} after. The nearer to the diagonal, the more equal.`
      }
      option={option}
      table={
        <DataTable
          caption="Lorenz curves"
          columns={LORENZ_COLUMNS}
          rows={rows}
          rowKey={({ creators }) => creators}
          empty="No money"
        />
      }
    />
  );
}

const LORENZ_COLUMNS: TableColumn<{ creators: string; before: string; after: string }>[] = [
  { id: 'creators', header: 'The poorest', isRowHeader: true, cell: ({ creators }) => percentOf(creators) },
  { id: 'before', header: 'have before', isNumeric: true, cell: ({ before }) => percentOf(before) },
  { id: 'after', header: 'have after', isNumeric: true, cell: ({ after }) => (after === '' ? '–' : percentOf(after)) },
];

function line(name: string, color: string, data: readonly (readonly number[])[]) {
  return { name, type: 'line', symbolSize: 5, lineStyle: { color, width: 2 }, itemStyle: { color }, data };
}

/** Who wins and who loses, by tenths of size. */
export function DecilesChart({ view: { deciles, currency } }: OfView) {
  const option = useCallback(
    (colours: ChartColours) => ({
      grid: GRID,
      legend: legend(colours),
      tooltip: tooltip(colours, 'axis', ([point]: readonly Pointed[]) => {
        const row = deciles[point?.dataIndex ?? -1];
        return row === undefined
          ? ''
          : `Tenth ${row.decile}\n${groupCount(row.winners)} win, ${groupCount(row.losers)} lose, ${groupCount(row.unchanged)} the same\n${groupDigits(row.difference)} ${currency}`;
      }),
      xAxis: {
        type: 'category',
        data: deciles.map(({ decile }) => `${decile}`),
        ...namedAxis(colours, 'Tenths by what they have before, 1 the smallest'),
      },
      yAxis: { type: 'value', ...shortAxis(colours) },
      series: [
        bar(
          'Win',
          colours['chart-1'],
          deciles.map(({ winners }) => winners),
        ),
        bar(
          'Lose',
          colours['chart-2'],
          deciles.map(({ losers }) => losers),
        ),
        bar(
          'The same',
          colours['chart-5'],
          deciles.map(({ unchanged }) => unchanged),
        ),
      ],
    }),
    [deciles, currency],
  );
  const wins = deciles.filter(({ winners, losers }) => winners > losers).map(({ decile }) => decile);
  return (
    <Chart
      title="Winners and losers by size"
      isTitled
      fileName="winners-and-losers"
      text={
        wins.length === 0
          ? 'In no tenth there are more winners than losers.'
          : `More win than lose in ${wins.length === 1 ? 'tenth' : 'tenths'} ${wins.join(', ')}.`
      }
      option={option}
      table={
        <DataTable
          caption="Winners and losers by size"
          columns={decileColumns(currency)}
          rows={deciles}
          rowKey={({ decile }) => `${decile}`}
          empty="No creators"
        />
      }
    />
  );
}

function decileColumns(currency: string): TableColumn<PolicyView['deciles'][number]>[] {
  return [
    { id: 'decile', header: 'Tenth', isRowHeader: true, cell: ({ decile }) => `${decile}` },
    { id: 'creators', header: 'Creators', isNumeric: true, cell: ({ creators }) => groupCount(creators) },
    { id: 'winners', header: 'Win', isNumeric: true, cell: ({ winners }) => groupCount(winners) },
    { id: 'losers', header: 'Lose', isNumeric: true, cell: ({ losers }) => groupCount(losers) },
    { id: 'unchanged', header: 'The same', isNumeric: true, cell: ({ unchanged }) => groupCount(unchanged) },
    { id: 'before', header: `Before (${currency})`, isNumeric: true, cell: ({ before }) => <Amount value={before} /> },
    { id: 'after', header: `After (${currency})`, isNumeric: true, cell: ({ after }) => <Amount value={after} /> },
    {
      id: 'difference',
      header: 'Difference',
      isNumeric: true,
      cell: ({ difference }) => <Amount value={difference} isChange />,
    },
  ];
}

function bar(name: string, color: string, data: readonly number[]) {
  return { name, type: 'bar', stack: 'all', itemStyle: { color }, data };
}

/** How many creators have how much. */
export function DistributionChart({ view: { sizes, currency } }: OfView) {
  const option = useCallback(
    (colours: ChartColours) => ({
      grid: GRID,
      legend: legend(colours),
      tooltip: tooltip(colours, 'axis', ([point]: readonly Pointed[]) => {
        const row = sizes[point?.dataIndex ?? -1];
        return row === undefined
          ? ''
          : `${binRange(row.bin, currency)} ${currency}\nbefore ${groupCount(row.before)} creators\nafter ${groupCount(row.after)}`;
      }),
      xAxis: {
        type: 'category',
        data: sizes.map(({ bin }) => binText(bin, currency)),
        ...namedAxis(colours, `Amount (${currency}), each step a sixth of a power of ten`),
      },
      yAxis: { type: 'value', ...shortAxis(colours) },
      series: [
        {
          ...bar(
            'Before',
            colours['chart-5'],
            sizes.map(({ before }) => before),
          ),
          stack: 'before',
        },
        {
          ...bar(
            'After',
            colours['chart-1'],
            sizes.map(({ after }) => after),
          ),
          stack: 'after',
        },
      ],
    }),
    [sizes, currency],
  );
  const nothing = sizes.find(({ bin }) => bin < 0);
  return (
    <Chart
      title="Distribution of amounts"
      isTitled
      fileName="distribution"
      text={`${groupCount(nothing?.before ?? 0)} creators get nothing before and ${groupCount(nothing?.after ?? 0)} after.`}
      option={option}
      table={
        <DataTable
          caption="Distribution of amounts"
          columns={[
            {
              id: 'bin',
              header: `Amount (${currency})`,
              isRowHeader: true,
              cell: ({ bin }) => binRange(bin, currency),
            },
            { id: 'before', header: 'Creators before', isNumeric: true, cell: ({ before }) => groupCount(before) },
            { id: 'after', header: 'Creators after', isNumeric: true, cell: ({ after }) => groupCount(after) },
          ]}
          rows={sizes}
          rowKey={({ bin }) => `${bin}`}
          empty="No creators"
        />
      }
    />
  );
}
