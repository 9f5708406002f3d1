import { BarChart, HeatmapChart, LineChart, ScatterChart } from 'echarts/charts';
import {
  AriaComponent,
  BrushComponent,
  GridComponent,
  LegendComponent,
  ToolboxComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { type ChartColours, readColours } from './colours.ts';

// A brush asks for a toolbox, which is not shown: the area is drawn straight away.
use([
  ...[BarChart, LineChart, ScatterChart, HeatmapChart],
  ...[
    GridComponent,
    LegendComponent,
    TooltipComponent,
    ToolboxComponent,
    VisualMapComponent,
    BrushComponent,
    AriaComponent,
    SVGRenderer,
  ],
]);

/** An area of a drawing, in the values of its axes: from and to of each. */
export type BrushedArea = readonly [readonly [number, number], readonly [number, number]];

export interface Drawing {
  /** Draws something else in its place. */
  update(option: DrawOption): void;
  /** A file of what is shown. */
  image(): string;
  /** Takes the drawing away. */
  undraw(): void;
}

export type DrawOption = (colours: ChartColours) => EChartsCoreOption;

export interface DrawHandlers {
  /** An area was selected; undefined: no longer. */
  onBrush?(area: BrushedArea | undefined): void;
  /** A point was pressed: its place in the data. */
  onPick?(dataIndex: number): void;
}

/** Draws into an element, again on every change of its size or of the theme. */
export function drawChart(element: HTMLElement, first: DrawOption, { onBrush, onPick }: DrawHandlers = {}): Drawing {
  const chart = init(element, null, { renderer: 'svg' });
  let option = first;
  const draw = (isFirst: boolean): void => {
    const colours = readColours(element);
    chart.setOption({ ...shared(colours, isFirst), ...option(colours) }, { notMerge: true });
    if (onBrush !== undefined) {
      chart.dispatchAction({
        type: 'takeGlobalCursor',
        key: 'brush',
        brushOption: { brushType: 'rect', brushMode: 'single' },
      });
    }
  };
  draw(true);
  chart.on('brushEnd', (event) => onBrush?.(areaOf(event)));
  chart.on('click', ({ dataIndex }) => onPick?.(dataIndex));
  const sizes = new ResizeObserver(() => chart.resize());
  sizes.observe(element);
  const redraw = (): void => draw(false);
  const themes = new MutationObserver(redraw);
  themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', redraw);
  return {
    update(next) {
      option = next;
      draw(false);
    },
    image: () => chart.renderToSVGString(),
    undraw() {
      sizes.disconnect();
      themes.disconnect();
      system.removeEventListener('change', redraw);
      chart.dispose();
    },
  };
}

/** The one area of a brush; ECharts types its events as anything. */
function areaOf(event: unknown): BrushedArea | undefined {
  const areas: unknown = typeof event === 'object' && event !== null ? Reflect.get(event, 'areas') : undefined;
  const [area] = Array.isArray(areas) ? areas : [];
  const range: unknown = typeof area === 'object' && area !== null ? Reflect.get(area, 'coordRange') : undefined;
  return isArea(range) ? range : undefined;
}

function isArea(value: unknown): value is BrushedArea {
  const isPair = (part: unknown): boolean =>
    Array.isArray(part) && part.length === 2 && part.every((end) => typeof end === 'number' && Number.isFinite(end));
  return Array.isArray(value) && value.length === 2 && value.every(isPair);
}

function shared(colours: ChartColours, isFirst: boolean): EChartsCoreOption {
  return {
    // What changes while somebody drags a slider is there at once.
    animation: isFirst && !matchMedia('(prefers-reduced-motion: reduce)').matches,
    animationDuration: 250,
    textStyle: { fontFamily: colours.font, color: colours.ink, fontSize: 12 },
    // The element has its label already; patterns tell series apart without colour.
    aria: { enabled: true, label: { enabled: false }, decal: { show: true } },
  };
}
