import type { GivenColumns } from '@rewardbook/contracts/files/event-tables/event-columns';
import type { Issue } from '@rewardbook/contracts/values/issue';
import type { Policy } from '@rewardbook/domain/policy/policy';
import type { GivenRevenue, Question } from '@rewardbook/lab/question/question';
import type { RowQuery } from '@rewardbook/lab/view/creator-rows';
import type { WorthOfOne } from '@rewardbook/lab/view/one-more';
import type { PolicyView } from '@rewardbook/lab/view/policy-view';
import type { CreatorChange } from '@rewardbook/simulate/whatif/compare';

/** Events for the worker to read, and what belongs to them. */
export type EventsToOpen =
  | {
      readonly kind: 'recorded';
      readonly program: string;
      /** Address of the recording. */
      readonly address: string;
      /** The policy of periods that are not closed. */
      readonly openPolicy: Policy;
      /** Of the periods asked about, in order. */
      readonly revenue: readonly GivenRevenue[];
    }
  | {
      readonly kind: 'scenario';
      /** YAML. */
      readonly scenario: string;
      readonly size: {
        readonly seed?: number;
        readonly events?: number;
        readonly creators?: number;
        readonly viewers?: number;
      };
      /** A pack registers the creators of its own size and seed, whatever is asked for. */
      readonly isPack: boolean;
      readonly policy: Policy;
      readonly revenue: readonly GivenRevenue[];
    }
  | {
      readonly kind: 'file';
      readonly file: File;
      /** Which columns of CSV or Parquet hold what; what is left out is guessed. */
      readonly columns: GivenColumns | undefined;
      /** Times without an offset are in UTC. */
      readonly assumeUtc: boolean;
      /** JSON, as the API registers them; undefined: nobody is registered. */
      readonly creators: Blob | undefined;
      readonly policy: Policy;
      readonly revenue: readonly GivenRevenue[];
    };

/** What was read. */
export interface OpenedEvents {
  readonly events: number;
  readonly creators: number;
  readonly viewers: number;
  readonly registered: number;
  /** Lines that are not events, events sent again, and others with an identity that was there. */
  readonly leftOut: number;
  readonly repeated: number;
  /** Why the first of the lines left out is no event. */
  readonly firstFault: string | undefined;
  /** What the baseline is, unless something else is asked for. */
  readonly policy: Policy;
  readonly revenue: readonly GivenRevenue[];
  /** Seed of the scenario; undefined: the events are fixed. */
  readonly seed: number | undefined;
  /** YAML of the scenario, where it is not a pack's own. */
  readonly scenario: string | undefined;
  /** Periods asked about whose close used another registry than the one that is tried. */
  readonly otherRegistry: readonly string[];
}

type Without<Asked, Keys extends PropertyKey> = Asked extends unknown ? Omit<Asked, Keys> : never;

/** A question about the events that are open, with their creators; their revenue unless it says otherwise. */
export type DeskQuestion = Without<Question, 'creators' | 'revenue' | 'scenarioSeed'>;

/** What the worker can be asked. */
export type DeskRequest =
  | { readonly ask: 'open'; readonly source: EventsToOpen }
  | { readonly ask: 'try'; readonly a: Policy; readonly b: Policy }
  | { readonly ask: 'rows'; readonly query: RowQuery; readonly from: number; readonly count: number }
  | { readonly ask: 'worth' }
  | { readonly ask: 'answer'; readonly question: DeskQuestion; readonly format: 'json' | 'csv' };

export interface ListedRows {
  readonly count: number;
  readonly from: number;
  readonly rows: readonly CreatorChange[];
}

/** What each of them is answered with. */
export interface DeskAnswers {
  readonly open: OpenedEvents;
  readonly try: PolicyView;
  readonly rows: ListedRows;
  readonly worth: readonly WorthOfOne[];
  readonly answer: Blob;
}

export interface DeskProgress {
  readonly phase: string;
  readonly done: number;
  readonly total: number | null;
}

/** Why there is no answer. */
export interface DeskFault {
  readonly code: string;
  readonly message: string;
  readonly issues?: readonly Issue[] | undefined;
}

export type ToDesk =
  | { readonly id: number; readonly request: DeskRequest }
  | { readonly id: number; readonly cancel: true };

export type FromDesk =
  | { readonly id: number; readonly progress: DeskProgress }
  | { readonly id: number; readonly answer: DeskAnswers[keyof DeskAnswers] }
  | { readonly id: number; readonly fault: DeskFault };
