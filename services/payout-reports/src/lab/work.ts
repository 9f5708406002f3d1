import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import type { Policy } from '@rewardbook/domain/policy/policy';
import type { ClosedPeriod } from '@rewardbook/domain/values/closed-periods';
import type { AttackPrices } from '@rewardbook/simulate/attack/attack';
import type { AttackPlan } from '@rewardbook/simulate/attack/fake-events';
import type { PastClose } from '@rewardbook/simulate/closes/simulation';
import type { Scenario } from '@rewardbook/simulate/generator/scenario';
import type { ScreenOptions } from '@rewardbook/simulate/screen/screen';
import type { GridPoint } from '@rewardbook/simulate/whatif/sweep';
import type { ReportSource } from '../service/read-cursor.ts';
import type { LabLimits } from './limits.ts';
import type { RecordedQuery } from './recorded-events-sql.ts';

/** Events that are recorded, and the closes of their program. */
export interface RecordedSource extends RecordedQuery {
  readonly kind: 'recorded';
  readonly database: ReportSource;
  /** All closes; empty if their periods are of another kind than the policy's: then all events came in time. */
  readonly closed: readonly ClosedPeriod[];
  /** Those before the first period asked about. */
  readonly past: readonly (Omit<PastClose, 'creators'> & { readonly creatorsVersion: number })[];
}

/** Where a thread reads its events. */
export type EventSource =
  | { readonly kind: 'file'; readonly path: string }
  | RecordedSource
  | { readonly kind: 'scenario'; readonly scenario: Scenario }
  | { readonly kind: 'none' };

interface Common {
  readonly creators: readonly RegisteredCreator[];
  /** Minor units by period. */
  readonly revenue: ReadonlyMap<string, bigint>;
}

/** A question, checked and prepared. */
export type Question = Common &
  (
    | { readonly question: 'simulate'; readonly policy: Policy }
    | { readonly question: 'compare'; readonly a: Policy; readonly b: Policy }
    | {
        readonly question: 'sweep';
        readonly policy: Policy;
        readonly set: readonly { readonly path: string; readonly values: readonly string[] }[];
        readonly points: readonly GridPoint[];
        /** How many runs of the scenario to measure on; undefined: on the given events. */
        readonly seeds: number | undefined;
      }
    | {
        readonly question: 'attack';
        readonly policies: readonly Policy[];
        readonly plan: AttackPlan;
        readonly prices: AttackPrices;
      }
    | {
        readonly question: 'search';
        readonly policies: readonly Policy[];
        readonly trials: number;
        readonly seed: number;
      }
    | { readonly question: 'screen'; readonly policy: Policy; readonly options: ScreenOptions; readonly top: number }
  );

/** All that a thread gets. */
export interface Work {
  readonly question: Question['question'];
  /** The question as it was sent: the thread reads it again, and the service keeps no more of it. */
  readonly body: Uint8Array;
  readonly limits: Pick<LabLimits, 'gridSize' | 'gridBytes'>;
  readonly source: EventSource;
  readonly maxEvents: number;
  readonly maxAnswerBytes: number;
}

export interface JobProgress {
  readonly phase: string;
  readonly done: number;
  readonly total: number | null;
}

export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** What a thread says; the last two end it. */
export type WorkerMessage =
  | { readonly told: 'progress'; readonly progress: JobProgress }
  | { readonly told: 'answer'; readonly answer: Uint8Array }
  | { readonly told: 'failure'; readonly failure: Failure };

/** Why a question has no answer. */
export class Unanswerable extends Error {
  override readonly name = 'Unanswerable';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Where our own failures are logged. */
export interface JobLog {
  warn(details: object, message: string): void;
}
