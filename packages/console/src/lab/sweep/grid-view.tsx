import type { EstimatedGrid, MeasuredGrid } from '@rewardbook/lab/answer/measure-grid';
import { useCallback, useMemo } from 'react';
import { Button } from '../../blocks/button.tsx';
import { Chart } from '../../blocks/chart/chart.tsx';
import type { ChartColours } from '../../blocks/chart/colours.ts';
import { shortAxis } from '../../blocks/chart/short-axis.ts';
import { Choice } from '../../blocks/field.tsx';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { groupDigits } from '../../format/decimal-text.ts';
import { toPlot } from '../../format/plot.ts';
import { GRID, legend, namedAxis, type Pointed, tooltip } from '../answers/chart-parts.ts';
import { labelOf } from '../policies/policy-fields.ts';
import { useLab } from '../state/lab-state.ts';
import { withValueAt } from '../state/policy-document.ts';

export interface GridViewProps {
  readonly grid: MeasuredGrid | EstimatedGrid;
  readonly figure: string | undefined;
  onFigure(figure: string): void;
}

/** A point of the grid with one figure of it; an interval where it is estimated. */
interface ShownPoint {
  readonly settings: Readonly<Record<string, string>>;
  readonly value: string | null;
  readonly low: string | null;
  readonly high: string | null;
}

const FIGURES = [
  ['gini', 'Gini (inequality)'],
  ['moneyMoved', 'Money moved'],
  ['top1Share', 'Share of the top 1%'],
  ['top10Share', 'Share of the top 10%'],
  ['allocated', 'Allocated'],
  ['winners', 'Winners'],
  ['losers', 'Losers'],
  ['palma', 'Palma ratio'],
  ['hhi', 'HHI'],
  ['theilT', 'Theil’s T'],
] as const;

type FigureName = (typeof FIGURES)[number][0];

/** One setting as a line, two as a map; a point becomes the candidate. */
export function GridView({ grid, figure, onFigure }: GridViewProps) {
  const { edit, b } = useLab();
  const name: FigureName = FIGURES.find(([one]) => one === figure)?.[0] ?? 'gini';
  const label = FIGURES.find(([one]) => one === name)?.[1] ?? name;
  const points = useMemo(() => pointsOf(grid, name), [grid, name]);
  const keys = grid.parameters.map(({ path }) => path);
  const isEstimated = 'seeds' in grid;
  const take = useCallback(
    (index: number): void => {
      const settings = points[index]?.settings ?? {};
      edit(
        'b',
        Object.entries(settings).reduce(
          (document, [path, value]) => withValueAt(document, path, typed(path, value, document)),
          b.document,
        ),
      );
    },
    [points, edit, b.document],
  );
  const option = useCallback(
    (colours: ChartColours) =>
      keys.length === 1 ? lineOf(points, keys[0] ?? '', label, colours) : mapOf(grid, points, label, colours),
    [grid, points, label, keys.length, keys[0]],
  );
  const title = `${label} by ${keys.map(labelOf).join(' and ')}`;
  const best = points.reduce<ShownPoint | undefined>(
    (least, point) =>
      point.value !== null && (least?.value == null || toPlot(point.value) < toPlot(least.value)) ? point : least,
    undefined,
  );
  return (
    <Section
      title="What each value gives"
      aside={
        <Choice
          label="Figure"
          value={name}
          options={FIGURES.map(([value, text]) => ({ value, text }))}
          onChange={onFigure}
        />
      }
    >
      {isEstimated ? (
        <p className="quiet">
          Each seed is another run of the same scenario: other viewers like other contents by the same habits. The line
          is the mean over seeds {grid.seeds[0]} to {grid.seeds[1]}; the band is where the true mean lies with 95%
          confidence (Student’s t). What differs by less than the bands may be chance. Money is a fraction of what was
          funded.
        </p>
      ) : null}
      <Chart
        title={title}
        isTitled
        fileName="sweep"
        text={
          best === undefined
            ? 'No point has this figure.'
            : `Least at ${settingsText(best.settings)}: ${groupDigits(best.value ?? '')}. Press a point to make it the candidate.`
        }
        option={option}
        onPick={take}
        table={
          <DataTable
            caption={title}
            columns={columnsOf(keys, label, isEstimated, take)}
            rows={points.map((point, index) => ({ ...point, index }))}
            rowKey={({ settings }) => settingsText(settings)}
            empty="No points"
          />
        }
      />
    </Section>
  );
}

function pointsOf(grid: MeasuredGrid | EstimatedGrid, name: FigureName): ShownPoint[] {
  if ('seeds' in grid) {
    return grid.points.map(({ settings, estimates }) => {
      const found = estimates[name];
      return { settings, value: found?.mean ?? null, low: found?.low ?? null, high: found?.high ?? null };
    });
  }
  return grid.points.map(({ settings, metrics, ...point }) => {
    const value =
      name in metrics
        ? metrics[name as keyof typeof metrics]
        : point[name as 'moneyMoved' | 'allocated' | 'winners' | 'losers'];
    return { settings, value: value === null ? null : String(value), low: null, high: null };
  });
}

function lineOf(points: readonly ShownPoint[], key: string, label: string, colours: ChartColours) {
  const hasBand = points.some(({ low }) => low !== null);
  const band = { type: 'line', stack: 'band', symbol: 'none', silent: true, lineStyle: { opacity: 0 } };
  return {
    grid: GRID,
    legend: legend(colours),
    tooltip: tooltip(colours, 'axis', (items: readonly Pointed[]) => {
      const point = points[items[0]?.dataIndex ?? -1];
      return point === undefined ? '' : describePoint(point, label);
    }),
    xAxis: {
      type: 'category',
      data: points.map(({ settings }) => settings[key] ?? ''),
      ...namedAxis(colours, labelOf(key)),
    },
    yAxis: { type: 'value', scale: true, ...shortAxis(colours) },
    series: [
      ...(hasBand
        ? [
            { ...band, name: '95% band', data: points.map(({ low }) => (low === null ? null : toPlot(low))) },
            {
              ...band,
              areaStyle: { color: colours['chart-1'], opacity: 0.18 },
              data: points.map(({ low, high }) => (low === null || high === null ? null : toPlot(high) - toPlot(low))),
            },
          ]
        : []),
      {
        name: label,
        type: 'line',
        symbolSize: 9,
        lineStyle: { color: colours['chart-1'], width: 2 },
        itemStyle: { color: colours['chart-1'] },
        data: points.map(({ value }) => (value === null ? null : toPlot(value))),
      },
    ],
  };
}

function mapOf(
  { parameters }: MeasuredGrid | EstimatedGrid,
  points: readonly ShownPoint[],
  label: string,
  colours: ChartColours,
) {
  const [first, second] = parameters;
  const values = points.flatMap(({ value }) => (value === null ? [] : [toPlot(value)]));
  const axis = (parameter: typeof first) => ({
    type: 'category',
    data: [...(parameter?.values ?? [])],
    ...namedAxis(colours, labelOf(parameter?.path ?? '')),
  });
  return {
    grid: { ...GRID, bottom: 70 },
    tooltip: tooltip(colours, 'item', ({ dataIndex }: Pointed) => {
      const point = points[dataIndex];
      return point === undefined ? '' : describePoint(point, label);
    }),
    xAxis: axis(first),
    yAxis: { ...axis(second), nameGap: 44 },
    visualMap: {
      ...{
        min: Math.min(...values),
        max: Math.max(...values),
        calculable: true,
        orient: 'horizontal',
        left: 'center',
        bottom: 0,
      },
      inRange: { color: [colours.surface, colours['chart-1']] },
      textStyle: { color: colours['ink-soft'] },
    },
    series: [
      {
        type: 'heatmap',
        data: points.map(({ settings, value }) => [
          first?.values.indexOf(settings[first.path] ?? '') ?? 0,
          second?.values.indexOf(settings[second.path] ?? '') ?? 0,
          value === null ? '-' : toPlot(value),
        ]),
      },
    ],
  };
}

function describePoint({ settings, value, low, high }: ShownPoint, label: string): string {
  const interval = low === null || high === null ? '' : `\n95% between ${low} and ${high}`;
  return `${settingsText(settings)}\n${label} ${value === null ? 'none' : groupDigits(value)}${interval}`;
}

function settingsText(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([path, value]) => `${labelOf(path)} ${value}`)
    .join(', ');
}

function columnsOf(
  keys: readonly string[],
  label: string,
  isEstimated: boolean,
  take: (index: number) => void,
): TableColumn<ShownPoint & { readonly index: number }>[] {
  const text = (value: string | null) => (value === null ? '–' : groupDigits(value));
  return [
    ...keys.map((key, place) => ({
      ...{ id: key, header: labelOf(key), isRowHeader: place === 0 },
      cell: ({ settings }: ShownPoint) => settings[key] ?? '',
    })),
    { id: 'value', header: label, isNumeric: true, cell: ({ value }) => text(value) },
    ...(isEstimated
      ? [
          { id: 'low', header: '95% from', isNumeric: true, cell: ({ low }: ShownPoint) => text(low) },
          { id: 'high', header: 'to', isNumeric: true, cell: ({ high }: ShownPoint) => text(high) },
        ]
      : []),
    {
      id: 'take',
      header: 'Candidate',
      cell: ({ index, settings }) => (
        <Button isSmall kind="quiet" onPress={() => take(index)}>
          Take<span className="visually-hidden"> {settingsText(settings)}</span>
        </Button>
      ),
    },
  ];
}

/** A count stays one: the grid writes all values as texts. */
function typed(path: string, value: string, document: Readonly<Record<string, unknown>>): unknown {
  const before = path
    .split('.')
    .reduce<unknown>((at, key) => (typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined), document);
  const isCount =
    typeof before === 'number' || /^(risk\.|maxLatePeriods|eligibility\.min(Followers|AccountAge))/.test(path);
  return isCount && /^\d{1,15}$/.test(value) ? Number(value) : value;
}
