import { Instant } from '../../blocks/instant.tsx';
import { Name, ShortHash } from '../../blocks/name.tsx';
import { Timeline, type TimelineStep } from '../../blocks/timeline.tsx';
import type { RunDetail, RunProps } from './run-types.ts';

const DONE: Readonly<Record<string, string>> = {
  draft: 'Drafted',
  approve: 'Approved and posted',
  export: 'Exported to the bank',
  settle: 'Settled: the bank has paid',
  discard: 'Discarded',
  return: 'A payout came back',
};

const AHEAD: readonly (readonly [RunDetail['status'], string])[] = [
  ['draft', 'Approval by somebody else'],
  ['approved', 'Export to the bank'],
  ['exported', 'Settlement'],
];

/** What was done with the run, by whom, over which contents, and what is still to come. */
export function RunTimeline({ program, run }: RunProps) {
  const done = run.decisions.map(
    ({ decision, actor, at, contentHash, note }, index): TimelineStep => ({
      key: `${index}`,
      state: 'done',
      title: DONE[decision] ?? decision,
      detail: (
        <>
          by <Name>{actor}</Name>, <Instant at={at} timeZone={program.timeZone} />, over{' '}
          <ShortHash>{contentHash}</ShortHash>
          {note === null ? null : (
            <>
              : “<Name>{note}</Name>”
            </>
          )}
        </>
      ),
    }),
  );
  const next = AHEAD.findIndex(([status]) => status === run.status);
  const ahead = (next === -1 ? [] : AHEAD.slice(next)).map(
    ([status, title], index): TimelineStep => ({
      key: status,
      title,
      state: index === 0 ? 'now' : 'ahead',
    }),
  );
  return <Timeline label="Steps of the run" steps={[...done, ...ahead]} />;
}
