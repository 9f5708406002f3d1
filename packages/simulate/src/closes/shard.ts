import { type ExcludedCounts, exclusions } from '@rewardbook/domain/close/exclusions';
import { type Engagement, settle } from '@rewardbook/domain/events/engagement';
import { countFollows } from '@rewardbook/domain/events/followers';
import { lockstepWindows, type WindowEntry } from '@rewardbook/domain/events/lockstep';
import { blocks } from '@rewardbook/domain/events/risk';
import type { AcceptedEvents } from '../events/accepted-events.ts';
import { EventRow } from '../events/event-row.ts';
import { Changes, type NetCounts } from './changes.ts';
import type { JudgedClose } from './judged-close.ts';
import type { JudgedEvents } from './judged-events.ts';
import { type PairColumns, pairsOf } from './pair-columns.ts';
import { EngagementRow, Register } from './register.ts';

/** A close, and what is wanted of it. */
export interface ShardQuestion extends JudgedClose {
  /** Creators whose points were void at the close before. */
  readonly voidBefore: readonly string[];
  readonly wantsPairs: boolean;
  /** Whether to count follows at the end of the period; at the first close also at its start. */
  readonly wantsFollows: boolean;
}

/** What a close comes to for a part of the viewers. Parts add up; all of it can be sent from one thread to another. */
export interface ShardAnswer {
  readonly counts: NetCounts;
  readonly pairs: PairColumns | undefined;
  readonly excluded: readonly ExcludedCounts[];
  /** By creator, as `countFollows`; undefined if not asked for. */
  readonly followsBefore: ReadonlyMap<string, number> | undefined;
  readonly follows: ReadonlyMap<string, number> | undefined;
  /** undefined: the policy does not ask for them. */
  readonly windows: readonly WindowEntry[] | undefined;
}

/** All viewers of a program, or those of one thread: their events and engagements, from close to close. */
export interface Shard {
  /** To be asked for each close in turn. */
  close(question: ShardQuestion): ShardAnswer;
}

type Parties = Pick<Engagement, 'viewerId' | 'creatorId'>;

const NONE = new Int32Array(0);

/** @param programStart start of the first period, epoch milliseconds */
export function shard(events: AcceptedEvents, judged: JudgedEvents, programStart: number): Shard {
  events.freeze();
  const register = new Register(events);
  const voidCloses = new Map<string, Set<number>>();
  const wasVoid = (creatorId: string, close: number): boolean => voidCloses.get(creatorId)?.has(close) ?? false;
  let hadBlocks = false;

  return {
    close({ voidBefore, wantsPairs, wantsFollows, ...judgedClose }) {
      const { close, policy, creators } = judgedClose;
      const rows = judged.of(close);
      for (const creatorId of voidBefore) {
        voidCloses.set(creatorId, (voidCloses.get(creatorId) ?? new Set()).add(close - 1));
      }
      const isBlocked = blocks(policy.risk);
      const hasBlocks = policy.risk.blockedViewers !== undefined || policy.risk.blockedCreators !== undefined;
      const followsNow = (): Map<string, number> =>
        countFollows({
          engagements: register.follows(),
          registered: creators.registered,
          isBlocked,
          timeZone: policy.timeZone,
        });
      const windows = policy.risk.lockstep && lockstepWindows(policy.risk.lockstep);
      const context = {
        close,
        isBlocked: hasBlocks
          ? (engagement: Parties) => isBlocked(engagement.viewerId, engagement.creatorId)
          : () => false, // asks for no texts
        wasVoid,
      };
      const excluded = exclusions({ ...context, programStart });
      const watched = new Map<number, EngagementRow>();
      const watch = (engagement: number): EngagementRow => {
        const row = watched.get(engagement) ?? new EngagementRow(register, engagement);
        watched.set(engagement, row);
        return row;
      };

      // The baseline is what was active when the program began, so the first close folds what came before on its own.
      const early = close === 1 ? rows.filter((row) => events.occurredAt(row) < programStart) : NONE;
      const sinceStart = new Int32Array(early.length === 0 ? 0 : rows.length);
      let kept = 0;
      judged.judge(judgedClose, (row, rule, entersRegister) => {
        if (windows !== undefined && events.gives(row)) {
          windows.add(new EventRow(events, row));
        }
        if (rule !== undefined) {
          excluded.add(rule, new EventRow(events, row), watch(events.engagementOf(row)));
        }
        if (!entersRegister) {
          return;
        }
        if (early.length > 0 && events.occurredAt(row) >= programStart) {
          sinceStart[kept++] = row;
        } else {
          register.fold(row);
        }
      });
      for (const row of early) {
        register.setBaseline(events.engagementOf(row));
      }
      const followsAtStart = (): Map<string, number> => (early.length === 0 ? new Map() : followsNow());
      const followsBefore = wantsFollows && close === 1 ? followsAtStart() : undefined;
      for (const row of sinceStart.subarray(0, kept)) {
        register.fold(row);
      }

      const changes = new Changes(events, wantsPairs);
      const settleOne = (engagement: number): void => {
        if (!hasBlocks && register.gain(engagement, close)) {
          changes.add(engagement, 1);
          return;
        }
        const settlement = settle(register.at(engagement), context);
        if (settlement === undefined) {
          return;
        }
        if (settlement === 'gained') {
          changes.add(engagement, 1);
        } else if (settlement === 'lost') {
          changes.add(engagement, -1);
        }
        if (settlement !== 'gained') {
          const row = watched.get(engagement);
          if (row !== undefined) {
            row.lostAt = close;
          }
        }
      };
      if (hasBlocks || hadBlocks) {
        // A block takes away what no event touches, and its end gives it back.
        for (let engagement = 0; engagement < events.engagementCount; engagement += 1) {
          settleOne(engagement);
        }
      } else {
        for (const row of rows) {
          settleOne(events.engagementOf(row)); // again for a further event: each settles once a close
        }
      }
      hadBlocks = hasBlocks;
      const counts = changes.counts();
      return {
        counts,
        pairs: wantsPairs ? pairsOf(events, changes, counts) : undefined,
        excluded: excluded.counts(),
        followsBefore,
        follows: wantsFollows ? followsNow() : undefined,
        windows: windows?.entries(),
      };
    },
  };
}
