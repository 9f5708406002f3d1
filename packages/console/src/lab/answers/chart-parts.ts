import type { ChartColours } from '../../blocks/chart/colours.ts';

/** A tooltip in the page's colours; its texts are exact, whatever the drawing rounds. */
export function tooltip(colours: ChartColours, trigger: 'axis' | 'item', formatter: (params: never) => string) {
  return {
    renderMode: 'richText',
    trigger,
    backgroundColor: colours.raised,
    borderColor: colours.line,
    textStyle: { color: colours.ink },
    formatter,
  };
}

export const GRID = { left: 8, right: 24, top: 36, bottom: 28, containLabel: true };

export function legend(colours: ChartColours) {
  return { top: 0, left: 0, itemWidth: 18, itemHeight: 10, textStyle: { color: colours['ink-soft'] } };
}

export function namedAxis(colours: ChartColours, name: string) {
  return {
    name,
    nameLocation: 'middle',
    nameGap: 30,
    nameTextStyle: { color: colours['ink-soft'] },
    axisLabel: { color: colours['ink-soft'], hideOverlap: true },
    axisLine: { lineStyle: { color: colours.line } },
    splitLine: { lineStyle: { color: colours.line } },
  };
}

/** The place that a tooltip is about. */
export interface Pointed {
  readonly dataIndex: number;
}
