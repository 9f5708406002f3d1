import type { EventOut } from '@rewardbook/contracts/api/ingest/events';
import type { ResultsDiff } from '@rewardbook/lab/diff/compare-results';
import type { Behind, EventSetsDiff } from '@rewardbook/lab/diff/event-sets';
import type { ResultDifference } from '@rewardbook/lab/diff/results';
import { groupedCount, renderFacts } from '../../terminal/table.ts';

type Names = readonly [string, string];

/** Two results for people. */
export function describeResultsDiff(
  { equal, differences, creators, first, firstOfCreator, behind }: ResultsDiff,
  names: Names,
): string {
  if (equal || first === null) {
    return 'The results are equal.\n';
  }
  const parts = [
    `The results differ in ${groupedCount(differences)} places, ${groupedCount(creators)} creators among them. The first:\n`,
    describeDifference(first, names),
  ];
  if (firstOfCreator !== null && firstOfCreator !== first) {
    parts.push('\nThe first of a creator:\n', describeDifference(firstOfCreator, names));
  }
  if (behind !== undefined) {
    parts.push(describeBehind(behind));
  }
  return parts.join('');
}

/** Two sets of events for people. */
export function describeEventsDiff({ onlyInA, onlyInB, changed, first }: EventSetsDiff, [a, b]: Names): string {
  if (first === null) {
    return 'The events are equal.\n';
  }
  const event = first.a ?? first.b;
  return (
    renderFacts([
      [`only in ${a}`, groupedCount(onlyInA)],
      [`only in ${b}`, groupedCount(onlyInB)],
      ['other contents', groupedCount(changed)],
    ]) +
    `\nThe first, of viewer ${event?.viewerId} and creator ${event?.creatorId}:\n` +
    renderFacts([
      [a, lineOf(first.a)],
      [b, lineOf(first.b)],
    ])
  );
}

function describeDifference({ period, creatorId, field, a, b }: ResultDifference, names: Names): string {
  const facts: [string, string][] = [];
  if (period !== null) {
    facts.push(['period', period]);
  }
  if (creatorId !== null) {
    facts.push(['creator', creatorId]);
  }
  const value = (given: typeof a): string => (given === null ? 'nothing' : String(given));
  return renderFacts([...facts, ['field', field], [names[0], value(a)], [names[1], value(b)]]);
}

function describeBehind({ creatorId, period, count, engagements }: Behind): string {
  if (count === 0) {
    return `\nNo engagement of ${creatorId} is behind it in the events given.\n`;
  }
  const lines = engagements.map(
    ({ viewerId, contentId, events }) =>
      `  ${viewerId} ${contentId === undefined ? 'follows' : `likes ${contentId}`}:\n` +
      events
        .map(({ only, ...event }) => `    ${only === undefined ? ' ' : `only ${only}`} ${lineOf(event)}\n`)
        .join(''),
  );
  const more = count > engagements.length ? `  … and ${groupedCount(count - engagements.length)} more\n` : '';
  return `\n${groupedCount(count)} engagements of ${creatorId} behind ${period}:\n${lines.join('')}${more}`;
}

function lineOf(event: EventOut | null): string {
  return event === null ? 'nothing' : JSON.stringify(event);
}
