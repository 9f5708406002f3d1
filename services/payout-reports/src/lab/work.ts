import type { LabJob } from '@rewardbook/contracts/api/lab';
import type { ClosedPeriod } from '@rewardbook/domain/values/closed-periods';
import type { AnswerProgress } from '@rewardbook/lab/answer/answer-inputs';
import type { PastClose } from '@rewardbook/simulate/closes/simulation';
import type { Scenario } from '@rewardbook/simulate/generator/scenario';
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

/** All that a thread gets to answer a question. */
export interface Work {
  readonly question: LabJob['question'];
  /** The question as it was sent: the thread reads it again, and the service keeps no more of it. */
  readonly body: Uint8Array;
  readonly limits: LabLimits;
  readonly source: EventSource;
}

export interface JobProgress {
  readonly phase: 'waiting' | 'events' | AnswerProgress['phase'];
  readonly done: number;
  readonly total: number | null;
}

/** Why a job has no answer. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** Where our own failures are logged. */
export interface JobLog {
  warn(details: object, message: string): void;
}
