import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { type ChartColours, readColours } from './colours.ts';

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, SVGRenderer]);

export type DrawnOption = (colours: ChartColours) => EChartsCoreOption;

/** A drawing in the page. */
export interface Drawing {
  /** Shows other data in it. */
  update(option: DrawnOption): void;
  remove(): void;
}

/** Draws into an element, again on every change of its size or of the theme. */
export function drawChart(element: HTMLElement, first: DrawnOption): Drawing {
  let option = first;
  const chart = init(element, null, { renderer: 'svg' });
  const draw = (): void => {
    const colours = readColours(element);
    chart.setOption({ ...shared(colours), ...option(colours) }, { notMerge: true });
  };
  draw();
  const sizes = new ResizeObserver(() => chart.resize());
  sizes.observe(element);
  const themes = new MutationObserver(draw);
  themes.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  const system = matchMedia('(prefers-color-scheme: dark)');
  system.addEventListener('change', draw);
  return {
    update: (next) => {
      option = next;
      draw();
    },
    remove: () => {
      sizes.disconnect();
      themes.disconnect();
      system.removeEventListener('change', draw);
      chart.dispose();
    },
  };
}

function shared(colours: ChartColours): EChartsCoreOption {
  return {
    animation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    animationDuration: 250,
    textStyle: { fontFamily: colours.font, color: colours.ink, fontSize: 12 },
    // The element has its label already; patterns tell series apart without colour.
    aria: { enabled: true, label: { enabled: false }, decal: { show: true } },
  };
}
