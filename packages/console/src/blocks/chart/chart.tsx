import type { EChartsCoreOption } from 'echarts/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Failure } from '../notice.tsx';
import type { ChartColours } from './colours.ts';
import type { Drawing } from './draw.ts';

export interface ChartProps {
  readonly title: string;
  /** What the chart says, in words: instead of it for whoever does not see it. */
  readonly text: string;
  option(colours: ChartColours): EChartsCoreOption;
  /** All that is plotted, with exact figures. */
  readonly table: ReactNode;
}

/** A drawing with its twins: a text and a table. The drawing's code is loaded when the first one is shown. */
export function Chart({ title, text, option, table }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const [error, setError] = useState<unknown>(null);
  const newest = useRef(option);
  const drawing = useRef<Drawing>(undefined);
  useEffect(() => {
    const element = place.current;
    let isGone = false;
    if (element !== null) {
      import('./draw.ts').then(
        ({ drawChart }) => {
          if (!isGone) {
            drawing.current = drawChart(element, newest.current);
          }
        },
        (cause: unknown) => setError(cause),
      );
    }
    return () => {
      isGone = true;
      drawing.current?.remove();
      drawing.current = undefined;
    };
  }, []);
  useEffect(() => {
    newest.current = option;
    drawing.current?.update(option);
  }, [option]);
  return (
    <figure className="chart">
      {error === null ? (
        <div className="chart-plot" ref={place} role="img" aria-label={`${title}. ${text}`} />
      ) : (
        <Failure error={error} what="The drawing could not be loaded; its table is below" />
      )}
      <figcaption className="chart-text">{text}</figcaption>
      <details>
        <summary>Table of “{title}”</summary>
        {table}
      </details>
    </figure>
  );
}
