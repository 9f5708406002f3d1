import type { EventOut } from '@rewardbook/contracts/api/ingest/events';
import type { ResultDifference } from '@rewardbook/lab/diff/results';
import { Fact, Facts } from '../../blocks/figures.tsx';
import { Notice } from '../../blocks/notice.tsx';
import { counted, groupCount } from '../../format/counts.ts';
import { BehindTable } from '../events/behind-table.tsx';
import type { FileDiff } from './messages.ts';

type Names = readonly [string, string];

/** What differs between two files, in words and with the first place. */
export function DiffView({ diff, names }: { readonly diff: FileDiff; readonly names: Names }) {
  if (diff.equal) {
    const what = diff.kind === 'events' ? 'The events are equal' : 'The results are equal';
    return (
      <Notice tone="good" title={what}>
        {diff.kind === 'events'
          ? 'Neither order nor repetition is a difference.'
          : 'Period by period, creator by creator.'}
      </Notice>
    );
  }
  return diff.kind === 'events' ? (
    <EventsDiff diff={diff} names={names} />
  ) : (
    <ResultsDiffView diff={diff} names={names} />
  );
}

function ResultsDiffView({
  diff,
  names,
}: {
  readonly diff: Extract<FileDiff, { kind: 'results' }>;
  readonly names: Names;
}) {
  const { differences, creators, first, firstOfCreator, behind } = diff;
  return (
    <div className="stack">
      <Notice tone="bad" title="The results differ">
        {counted(differences, 'place differs', 'places differ')}, {counted(creators, 'creator')} among them.
      </Notice>
      {first === null ? null : <Difference title="The first difference" of={first} names={names} />}
      {firstOfCreator === null || firstOfCreator === first ? null : (
        <Difference title="The first of a creator" of={firstOfCreator} names={names} />
      )}
      {behind === undefined ? null : (
        <BehindTable
          count={behind.count}
          engagements={behind.engagements}
          sides={{ a: `only in the events of A`, b: `only in the events of B` }}
        />
      )}
    </div>
  );
}

function Difference({
  title,
  of,
  names,
}: {
  readonly title: string;
  readonly of: ResultDifference;
  readonly names: Names;
}) {
  const value = (given: ResultDifference['a']): string => (given === null ? 'nothing' : String(given));
  return (
    <>
      <h3>{title}</h3>
      <Facts>
        {of.period === null ? null : <Fact label="Period">{of.period}</Fact>}
        {of.creatorId === null ? null : (
          <Fact label="Creator">
            <bdi>{of.creatorId}</bdi>
          </Fact>
        )}
        <Fact label="Field">{of.field}</Fact>
        <Fact label={names[0]}>{value(of.a)}</Fact>
        <Fact label={names[1]}>{value(of.b)}</Fact>
      </Facts>
    </>
  );
}

function EventsDiff({ diff, names }: { readonly diff: Extract<FileDiff, { kind: 'events' }>; readonly names: Names }) {
  const line = (event: EventOut | null) =>
    event === null ? 'nothing' : <code className="payload">{JSON.stringify(event)}</code>;
  return (
    <div className="stack">
      <Notice tone="bad" title="The events differ">
        {groupCount(diff.onlyInA)} only in A, {groupCount(diff.onlyInB)} only in B, {groupCount(diff.changed)} with
        other contents.
      </Notice>
      {diff.leftOut === 0 ? null : <p>{counted(diff.leftOut, 'line is not an event', 'lines are not events')}.</p>}
      {diff.first === null ? null : (
        <>
          <h3>The earliest difference</h3>
          <Facts>
            <Fact label={names[0]}>{line(diff.first.a)}</Fact>
            <Fact label={names[1]}>{line(diff.first.b)}</Fact>
          </Facts>
        </>
      )}
    </div>
  );
}
