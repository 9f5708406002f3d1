import type { EChartsCoreOption } from 'echarts/core';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Button } from '../button.tsx';
import { Failure } from '../notice.tsx';
import type { ChartColours } from './colours.ts';
import type { DrawHandlers, Drawing } from './draw.ts';
import { savePng, saveSvg } from './save-image.ts';

export interface ChartProps extends DrawHandlers {
  readonly title: string;
  /** What the chart says, in words: instead of it for whoever does not see it. */
  readonly text: string;
  option(colours: ChartColours): EChartsCoreOption;
  /** All that is plotted, with exact figures. */
  readonly table: ReactNode;
  /** Name of the files that it can be saved as; undefined: it is not offered. */
  readonly fileName?: string;
  readonly size?: 'usual' | 'tall';
  /** Its title is shown above it, where no section has it. */
  readonly isTitled?: boolean;
}

/** A drawing with its twins: a text and a table. The drawing's code is loaded when the first one is shown. */
export function Chart({
  title,
  text,
  option,
  table,
  fileName,
  size = 'usual',
  isTitled = false,
  onBrush,
  onPick,
}: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const drawing = useRef<Drawing | undefined>(undefined);
  const latest = useRef({ option, onBrush, onPick });
  const [error, setError] = useState<unknown>(null);
  const [isDrawn, setDrawn] = useState(false);
  const hasBrush = onBrush !== undefined;
  useEffect(() => {
    latest.current = { option, onBrush, onPick };
    drawing.current?.update(option);
  }, [option, onBrush, onPick]);
  useEffect(() => {
    const element = place.current;
    let isGone = false;
    if (element !== null) {
      import('./draw.ts').then(
        ({ drawChart }) => {
          if (!isGone) {
            drawing.current = drawChart(element, latest.current.option, {
              ...(hasBrush ? { onBrush: (area) => latest.current.onBrush?.(area) } : {}),
              onPick: (index) => latest.current.onPick?.(index),
            });
            setDrawn(true);
          }
        },
        (cause: unknown) => setError(cause),
      );
    }
    return () => {
      isGone = true;
      drawing.current?.undraw();
      drawing.current = undefined;
    };
  }, [hasBrush]);
  const save = (as: typeof saveSvg, name: string): void => {
    if (drawing.current !== undefined) {
      as(drawing.current.image(), name).catch(setError);
    }
  };
  return (
    <figure className="chart">
      {isTitled ? <h3 className="chart-title">{title}</h3> : null}
      {error === null ? (
        <div className={`chart-plot chart-plot-${size}`} ref={place} role="img" aria-label={`${title}. ${text}`} />
      ) : (
        <Failure error={error} what="The drawing could not be shown or saved; its table is below" />
      )}
      <figcaption className="chart-text">{text}</figcaption>
      <details>
        <summary>Table of “{title}”</summary>
        {table}
      </details>
      {fileName === undefined || !isDrawn ? null : (
        <div className="downloads">
          <Button isSmall kind="quiet" onPress={() => save(saveSvg, fileName)}>
            SVG<span className="visually-hidden"> of {title}</span>
          </Button>
          <Button isSmall kind="quiet" onPress={() => save(savePng, fileName)}>
            PNG<span className="visually-hidden"> of {title}</span>
          </Button>
        </div>
      )}
    </figure>
  );
}
