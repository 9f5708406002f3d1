import type { WorthOfOne } from '@rewardbook/lab/view/one-more';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Amount, Figures } from '../../blocks/amount.tsx';
import { Chart } from '../../blocks/chart/chart.tsx';
import type { ChartColours } from '../../blocks/chart/colours.ts';
import { shortAxis } from '../../blocks/chart/short-axis.ts';
import { Name } from '../../blocks/name.tsx';
import { Failure, Pending } from '../../blocks/notice.tsx';
import { Section } from '../../blocks/section.tsx';
import type { TableColumn } from '../../blocks/table/column.ts';
import { DataTable } from '../../blocks/table/data-table.tsx';
import { groupDigits, isZero } from '../../format/decimal-text.ts';
import { toPlot } from '../../format/plot.ts';
import { askDesk } from '../worker/lab-client.ts';
import { GRID, legend, namedAxis, type Pointed, tooltip } from './chart-parts.ts';

/** After this pause the slider is at rest. */
const PAUSE_MS = 400;

/** What one more like or follow is worth, from the smallest creators to the largest, under the candidate. */
export function CliffsSection({ version, currency }: { readonly version: number; readonly currency: string }) {
  const [shown, setShown] = useState<{ worth: readonly WorthOfOne[]; error: Error | null } | undefined>();
  const box = useRef<HTMLDivElement>(null);
  const isSeen = useSeen(box);
  useEffect(() => {
    if (!isSeen || version === 0) {
      return undefined;
    }
    const controller = new AbortController();
    const timer = setTimeout(() => {
      askDesk({ ask: 'worth' }, { signal: controller.signal }).then(
        (worth) => setShown({ worth, error: null }),
        (error: Error) => {
          if (!controller.signal.aborted) {
            setShown({ worth: [], error });
          }
        },
      );
    }, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      controller.abort();
    };
  }, [isSeen, version]);
  return (
    <Section title="Cliffs: what one more is worth">
      <div ref={box}>
        {!isSeen ? (
          <p className="quiet">It is worked out once it comes into sight.</p>
        ) : shown === undefined ? (
          <Pending what="what one more like or follow is worth" />
        ) : shown.error === null ? (
          <Worth worth={shown.worth} currency={currency} />
        ) : (
          <Failure error={shown.error} what="This could not be worked out" />
        )}
      </div>
    </Section>
  );
}

function Worth({ worth, currency }: { readonly worth: readonly WorthOfOne[]; readonly currency: string }) {
  const option = useCallback((colours: ChartColours) => optionOf(worth, currency, colours), [worth, currency]);
  const columns = useMemo(() => columnsIn(currency), [currency]);
  const title = 'Worth of one more like or follow';
  const table = (
    <DataTable
      caption={title}
      columns={columns}
      rows={worth}
      rowKey={({ creatorId }) => creatorId}
      empty="Nobody has points."
    />
  );
  return (
    <Chart title={title} isTitled fileName="cliffs" text={textOf(worth, currency)} option={option} table={table} />
  );
}

function textOf(worth: readonly WorthOfOne[], currency: string): string {
  const cliff = worth.find(({ isAtThreshold }) => isAtThreshold);
  const middle = worth[Math.floor(worth.length / 2)];
  const usual =
    middle === undefined
      ? 'Nobody has points.'
      : `To a creator with ${groupDigits(middle.points)} points one more like is worth ${groupDigits(middle.like)} ${currency}, one more follow ${groupDigits(middle.follow)}.`;
  if (cliff === undefined) {
    return `${usual} No threshold of points makes it jump.`;
  }
  const [kind, jump] = isZero(cliff.like) ? ['follow', cliff.follow] : ['like', cliff.like];
  return `${usual} With ${groupDigits(cliff.points)} points, just below the least that may earn, one more ${kind} is worth ${groupDigits(jump)}: it brings all that was earned.`;
}

function optionOf(worth: readonly WorthOfOne[], currency: string, colours: ChartColours) {
  const data = (kind: 'like' | 'follow') => worth.map((one) => [toPlot(one.points), toPlot(one[kind])]);
  return {
    grid: GRID,
    legend: legend(colours),
    tooltip: tooltip(colours, 'axis', ([point]: readonly Pointed[]) => {
      const one = worth[point?.dataIndex ?? -1];
      return one === undefined
        ? ''
        : `${groupDigits(one.points)} points\none more like ${groupDigits(one.like)} ${currency}\none more follow ${groupDigits(one.follow)} ${currency}`;
    }),
    xAxis: { type: 'log', ...namedAxis(colours, 'Points of the creator') },
    yAxis: { type: 'value', ...shortAxis(colours) },
    series: [
      {
        name: 'One more like',
        type: 'line',
        symbolSize: 7,
        lineStyle: { color: colours['chart-1'] },
        itemStyle: { color: colours['chart-1'] },
        data: data('like'),
      },
      {
        name: 'One more follow',
        type: 'line',
        symbolSize: 7,
        lineStyle: { color: colours['chart-2'], type: 'dashed' },
        itemStyle: { color: colours['chart-2'] },
        data: data('follow'),
      },
    ],
  };
}

function columnsIn(currency: string): TableColumn<WorthOfOne>[] {
  return [
    { id: 'creator', header: 'Creator', isRowHeader: true, cell: ({ creatorId }) => <Name>{creatorId}</Name> },
    { id: 'points', header: 'Points', isNumeric: true, cell: ({ points }) => <Figures value={points} /> },
    { id: 'amount', header: `Amount (${currency})`, isNumeric: true, cell: ({ amount }) => <Amount value={amount} /> },
    { id: 'like', header: 'One more like', isNumeric: true, cell: ({ like }) => <Amount value={like} isChange /> },
    {
      id: 'follow',
      header: 'One more follow',
      isNumeric: true,
      cell: ({ follow }) => <Amount value={follow} isChange />,
    },
    {
      id: 'threshold',
      header: 'Threshold',
      cell: ({ isAtThreshold }) => (isAtThreshold ? 'just below the least points' : ''),
    },
  ];
}

/** Whether an element has been in sight. */
function useSeen(box: { readonly current: HTMLElement | null }): boolean {
  const [isSeen, setSeen] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (element === null || isSeen) {
      return undefined;
    }
    const observer = new IntersectionObserver((entries) => {
      if (entries.some(({ isIntersecting }) => isIntersecting)) {
        setSeen(true);
      }
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [box, isSeen]);
  return isSeen;
}
