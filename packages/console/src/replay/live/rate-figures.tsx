import type { BooksLive } from '@rewardbook/contracts/api/live/books';
import type { IngestRates, TallyLag } from '@rewardbook/contracts/api/live/ingest';
import { Figure, FigureRow } from '../../blocks/figures.tsx';
import { counted, groupCount } from '../../format/counts.ts';
import { durationText } from '../../format/durations.ts';
import { type IngestOutcomeName, OUTCOMES, rateOf, rateText } from './rates.ts';

const LABELS: Readonly<Record<IngestOutcomeName, string>> = {
  accepted: 'Accepted a second',
  duplicates: 'Duplicates a second',
  conflicts: 'Conflicts a second',
  rejected: 'Rejected a second',
};
const MAX_UNTALLIED = 10_000;

export interface RateFiguresProps {
  readonly rates: IngestRates;
  readonly tally: TallyLag;
  readonly queues: BooksLive['queues'] | undefined;
}

/** What arrives now, and how far the estimates and the queue are behind. */
export function RateFigures({ rates, tally, queues }: RateFiguresProps) {
  return (
    <FigureRow size="narrow">
      {OUTCOMES.map((outcome) => {
        const { perSecond, total } = rateOf(rates, outcome);
        return (
          <Figure key={outcome} label={LABELS[outcome]} note={`${groupCount(total)} in the last minute`}>
            {rateText(perSecond)}
          </Figure>
        );
      })}
      <TallyFigure rates={rates} tally={tally} />
      <QueueFigure queues={queues} />
    </FigureRow>
  );
}

function TallyFigure({ rates: { now }, tally }: Pick<RateFiguresProps, 'rates' | 'tally'>) {
  const { untallied, oldestAt, tallied, medianMs, p95Ms, maxMs } = tally;
  const waiting =
    untallied === 0
      ? 'nothing waits'
      : `${untallied >= MAX_UNTALLIED ? 'more than ' : ''}${counted(untallied, 'batch', 'batches')} wait${untallied === 1 ? 's' : ''}${
          oldestAt === null ? '' : `, the oldest for ${durationText(Math.max(0, now * 1000 - Date.parse(oldestAt)))}`
        }`;
  return (
    <Figure
      label="Time until tallied"
      note={
        medianMs === null || maxMs === null
          ? waiting
          : `95 of 100 in the last minute; half within ${durationText(medianMs)}, all ${groupCount(tallied)} within ${durationText(maxMs)}; ${waiting}`
      }
    >
      {p95Ms === null ? '–' : durationText(p95Ms)}
    </Figure>
  );
}

function QueueFigure({ queues }: Pick<RateFiguresProps, 'queues'>) {
  if (queues === undefined || queues === null) {
    return (
      <Figure label="Queue" note={queues === null ? 'the queue does not answer' : undefined}>
        –
      </Figure>
    );
  }
  const { tally, close } = queues;
  const jobs = tally.waiting + tally.active + tally.delayed;
  const closes = close.waiting + close.active + close.delayed;
  const failed = tally.failed + close.failed;
  return (
    <Figure
      label="Queue, of all programs"
      note={`${tally.active} under way, ${counted(closes, 'close')}, ${failed === 0 ? 'none' : groupCount(failed)} failed`}
    >
      {counted(jobs, 'job')}
    </Figure>
  );
}
