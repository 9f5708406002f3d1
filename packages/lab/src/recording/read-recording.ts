import {
  type RecordingHead,
  recordedCreatorSchema,
  recordedSeenAtSchema,
  recordingEndSchema,
  recordingHeadSchema,
} from '@rewardbook/contracts/api/lab-recording';
import { readEventLine } from '@rewardbook/contracts/events/event-line';
import { LineSplitter } from '@rewardbook/contracts/events/event-lines';
import { EventScanner } from '@rewardbook/contracts/events/event-scanner';
import { parsePolicy } from '@rewardbook/contracts/files/policy';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import { parseInstant } from '@rewardbook/domain/values/instant';
import { parseAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { AcceptedEvents } from '@rewardbook/simulate/events/accepted-events';
import type { OutcomeInputs } from '@rewardbook/simulate/whatif/outcome';
import { booksBefore, type ProgramKind, type RecordedClose } from './books-before.ts';
import { registriesAt } from './registries.ts';

/** A head with the policies of many closes is long. */
const MAX_LINE_BYTES = 64 * 1024 * 1024;

/** What a program's closes saw, read from `GET /v1/programs/:program/lab/recording`. */
export interface Recording {
  readonly head: RecordingHead;
  readonly closes: readonly RecordedClose[];
  readonly events: AcceptedEvents;
  /** The registered creators that the close of a period used, or those of now. */
  creatorsOf(period: string): readonly RegisteredCreator[];
  /** What the books say of the closes before the first period that is asked about. */
  booksFor(asked: ProgramKind & { readonly firstPeriod: string | undefined }): Pick<OutcomeInputs, 'closed' | 'past'>;
}

/** The answer is not what the service sends, or broke off. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}

/** Takes the bytes of a recording, in pieces of any size. */
export class RecordingReader {
  readonly #scanner = new EventScanner();
  readonly #lines = new LineSplitter(
    {
      line: (block, from, end) => this.#line(block, from, end),
      longLine: () => {
        throw new RecordingError('A line of the recording is too long');
      },
    },
    MAX_LINE_BYTES,
  );
  #head: RecordingHead | undefined;
  #closes: readonly RecordedClose[] = [];
  #registries = registriesAt([]);
  #seenAt = 1;
  #events = new AcceptedEvents(() => this.#seenAt);
  #creatorsRead = 0;
  #hasEnded = false;

  /** Events read, and how many there are in all. */
  get progress(): { readonly done: number; readonly total: number | null } {
    return { done: this.#events.size, total: this.#head?.events ?? null };
  }

  push(piece: Uint8Array): void {
    this.#lines.push(piece);
  }

  /** @throws RecordingError where the answer broke off */
  end(): Recording {
    this.#lines.end();
    const head = this.#head;
    if (head === undefined || !this.#hasEnded) {
      throw new RecordingError('The recording broke off before its end: read it again');
    }
    const registries = this.#registries.byVersion();
    const creatorsAt = (version: number): readonly RegisteredCreator[] => registries.get(version) ?? [];
    const closes = this.#closes;
    return {
      head,
      closes,
      events: this.#events,
      creatorsOf: (period) =>
        creatorsAt(closes.find((close) => close.period === period)?.creatorsVersion ?? head.creatorsVersion),
      booksFor: (asked) => {
        const { closed, past } = booksBefore(closes, head, asked);
        return {
          closed,
          past: past.map(({ creatorsVersion, ...close }) => ({ ...close, creators: creatorsAt(creatorsVersion) })),
        };
      },
    };
  }

  #line(block: Uint8Array, from: number, end: number): void {
    if (this.#scanner.scan(block, from, end, Number.POSITIVE_INFINITY)) {
      this.#events.addBytes(block, this.#scanner, this.#seenAt);
      return;
    }
    const line = block.subarray(from, end);
    if (this.#head === undefined) {
      this.#begin(recordingHeadSchema.parse(parseJson(line)));
      return;
    }
    const event = readEventLine(line);
    if (event.ok) {
      this.#events.add(event.event);
      return;
    }
    this.#mark(parseJson(line));
  }

  #begin(head: RecordingHead): void {
    const currency = currencyOf(head.currency);
    this.#head = head;
    this.#closes = head.closes.map(({ period, start, end, policy, creatorsVersion, revenue }) => {
      const parsed = parsePolicy(policy);
      const [startsAt, endsAt] = [parseInstant(start), parseInstant(end)];
      if (!parsed.ok || startsAt === undefined || endsAt === undefined) {
        throw new RecordingError(`The close of ${period} cannot be read: update both the console and the services`);
      }
      return {
        ...{ period, start: startsAt, end: endsAt, policy: parsed.value, creatorsVersion },
        revenueEntries: parseAmount(revenue, currency),
      };
    });
    this.#registries = registriesAt([...head.closes.map((close) => close.creatorsVersion), head.creatorsVersion]);
  }

  #mark(value: unknown): void {
    const creator = recordedCreatorSchema.safeParse(value);
    if (creator.success) {
      this.#registries.add(creator.data);
      this.#creatorsRead += 1;
      return;
    }
    const seen = recordedSeenAtSchema.safeParse(value);
    if (seen.success) {
      this.#seenAt = seen.data.seenAt;
      return;
    }
    const { end } = recordingEndSchema.parse(value);
    if (end.events !== this.#events.size || end.creators !== this.#creatorsRead) {
      throw new RecordingError(
        `The recording has ${end.events} events and ${end.creators} creators; ${this.#events.size} and ${this.#creatorsRead} came`,
      );
    }
    this.#hasEnded = true;
  }
}

function parseJson(line: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(line));
}
