import { CLOSE_PHASES, type CloseWatched } from '@rewardbook/contracts/api/live/books';
import type { ProgramOut } from '@rewardbook/contracts/api/programs';
import { Instant } from '../../blocks/instant.tsx';
import { Timeline, type TimelineStep } from '../../blocks/timeline.tsx';
import { durationText } from '../../format/durations.ts';
import { LostStream } from '../../live/live-badge.tsx';
import { useLiveBooks } from '../../live/use-live.ts';

type Phase = (typeof CLOSE_PHASES)[number];

const TITLES: Readonly<Record<Phase, string>> = {
  lockstep: 'Viewers in lockstep are looked for',
  fold: 'Events are judged and counted',
  registry: 'Registered creators are read',
  pairs: 'Who liked whom is read',
  compute: 'Points are counted and the pool is split',
  allocations: 'Amounts are written',
  proof: 'The tree of proofs is grown',
  commit: 'The entry is posted',
};
/** What every close does; the others depend on the policy. */
const ALWAYS: readonly Phase[] = ['fold', 'registry', 'compute', 'allocations', 'proof', 'commit'];

/** The steps of a close that is under way, as it takes them. */
export function ClosePhases({ program, period }: { readonly program: ProgramOut; readonly period: string }) {
  const live = useLiveBooks(program.program);
  const { close } = live.parts;
  return (
    <>
      <LostStream of={live} what="The steps of the close" />
      {close?.period === period ? <PhaseTimeline close={close} timeZone={program.timeZone} /> : null}
    </>
  );
}

/** The steps of a close with how long each took, and those that are to come. */
export function PhaseTimeline({ close, timeZone }: { readonly close: CloseWatched; readonly timeZone: string }) {
  return close.phases.length === 0 ? null : <Timeline label="Steps of the close" steps={stepsOf(close, timeZone)} />;
}

function stepsOf({ phases, closedAt }: CloseWatched, timeZone: string): TimelineStep[] {
  const begun = phases.map(({ phase, beganAt }, index): TimelineStep => {
    const endedAt = phases[index + 1]?.beganAt ?? closedAt;
    return {
      key: `${index}`,
      title: TITLES[phase],
      state: endedAt === null ? 'now' : 'done',
      detail:
        endedAt === null ? (
          <>
            since <Instant at={beganAt} timeZone={timeZone} />
          </>
        ) : (
          `took ${durationText(Math.max(0, Date.parse(endedAt) - Date.parse(beganAt)))}`
        ),
    };
  });
  if (closedAt !== null) {
    return begun;
  }
  const last = CLOSE_PHASES.indexOf(phases.at(-1)?.phase ?? 'lockstep');
  const ahead = ALWAYS.filter((phase) => CLOSE_PHASES.indexOf(phase) > last);
  return [...begun, ...ahead.map((phase): TimelineStep => ({ key: phase, title: TITLES[phase], state: 'ahead' }))];
}
