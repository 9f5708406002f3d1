import { parseCreators } from '@rewardbook/contracts/api/creators';
import { LONG_LINE, readEventLine } from '@rewardbook/contracts/events/event-line';
import { LineSplitter } from '@rewardbook/contracts/events/event-lines';
import { EventScanner } from '@rewardbook/contracts/events/event-scanner';
import { parseCreatorsCsv } from '@rewardbook/contracts/files/creators-csv';
import { describeIssues } from '@rewardbook/contracts/values/issue';
import { problemSchema } from '@rewardbook/contracts/values/problem';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import type { AnswerInputs } from '@rewardbook/lab/answer/answer-inputs';
import type { GivenRevenue } from '@rewardbook/lab/question/question';
import { RecordingReader } from '@rewardbook/lab/recording/read-recording';
import { type Acceptance, AcceptedEvents } from '@rewardbook/simulate/events/accepted-events';
import { generateCreators } from '@rewardbook/simulate/generator/creators';
import { generateEvents } from '@rewardbook/simulate/generator/events';
import { readScenario, type Scenario } from '@rewardbook/simulate/generator/scenario';
import { piecesOf } from '../../files/file-pieces.ts';
import { DeskError } from './desk-error.ts';
import { linesOf } from './file-lines.ts';
import type { DeskProgress, EventsToOpen, OpenedEvents } from './messages.ts';
import type { Turns } from './turns.ts';

/** Events that are held in memory, and what belongs to them. */
export interface HeldEvents {
  readonly opened: OpenedEvents;
  readonly creators: readonly RegisteredCreator[];
  readonly revenue: readonly GivenRevenue[];
  readonly books: NonNullable<AnswerInputs['books']>;
  /** With a seed, those of another run of the scenario. */
  readEvents(seed: number | undefined, working: Working): Promise<AcceptedEvents>;
}

export interface Working {
  readonly turns: Turns;
  tell(progress: DeskProgress): void;
}

type Source<Kind extends EventsToOpen['kind']> = Extract<EventsToOpen, { readonly kind: Kind }>;

/** Events that one page holds; a program of more is asked about at the service. */
const MAX_EVENTS = 20_000_000;
/** Creators that a page compares at once; above that the service answers. */
const MAX_CREATORS = 200_000;
const EVENTS_PER_PROGRESS = 20_000;

/** Reads the events of a source. @throws DeskError, Cancelled */
export function openEvents(source: EventsToOpen, working: Working): Promise<HeldEvents> {
  switch (source.kind) {
    case 'recorded':
      return openRecorded(source, working);
    case 'scenario':
      return openScenario(source, working);
    case 'file':
      return openFile(source, working);
  }
}

async function openRecorded(
  { address, openPolicy, revenue }: Source<'recorded'>,
  working: Working,
): Promise<HeldEvents> {
  const answer = await fetch(address, { credentials: 'same-origin', cache: 'no-store' });
  if (!answer.ok || answer.body === null) {
    throw await refusalOf(answer);
  }
  const reader = new RecordingReader();
  for await (const piece of piecesOf(answer.body)) {
    reader.push(piece);
    working.tell({ phase: 'events', ...reader.progress });
    await working.turns.take();
  }
  const recording = reader.end();
  const last = revenue.at(-1)?.period ?? '';
  const policy = recording.closes.find(({ period }) => period === last)?.policy ?? openPolicy;
  const creators = recording.creatorsOf(last);
  const kind = { currency: policy.currency, timeZone: policy.timeZone, period: policy.period };
  return {
    opened: {
      ...countsOf(recording.events, creators),
      ...{ policy, revenue, seed: undefined, scenario: undefined },
      otherRegistry: revenue.map(({ period }) => period).filter((period) => recording.creatorsOf(period) !== creators),
    },
    creators,
    revenue,
    books: recording.booksFor({ ...kind, firstPeriod: revenue[0]?.period }),
    readEvents: async () => recording.events,
  };
}

async function openScenario(source: Source<'scenario'>, working: Working): Promise<HeldEvents> {
  const { policy, revenue, isPack, size } = source;
  const written = readScenario(source.scenario);
  const scenario: Scenario = { ...written, ...size };
  const creators = [...generateCreators(isPack ? written : scenario)];
  const events = await generated(scenario, working);
  return {
    opened: {
      ...countsOf(events, creators),
      ...{ policy, revenue, seed: scenario.seed, otherRegistry: [], scenario: isPack ? undefined : source.scenario },
    },
    creators,
    revenue,
    books: {},
    readEvents: (seed = scenario.seed, also = working) =>
      seed === scenario.seed ? Promise.resolve(events) : generated({ ...scenario, seed }, also),
  };
}

async function generated(scenario: Scenario, { turns, tell }: Working): Promise<AcceptedEvents> {
  const events = new AcceptedEvents();
  for (const event of generateEvents(scenario)) {
    events.add(event);
    if (events.size % EVENTS_PER_PROGRESS === 0) {
      tell({ phase: 'events', done: events.size, total: scenario.events });
      await turns.take();
    }
  }
  return events;
}

async function openFile(source: Source<'file'>, { turns, tell }: Working): Promise<HeldEvents> {
  const { file, policy, revenue } = source;
  const creators = source.creators === undefined ? [] : await readCreators(source.creators);
  const taker = new LineTaker();
  const lines = await linesOf(source, (bytes) => tell({ phase: 'bytes', done: bytes, total: file.size }));
  for await (const piece of lines) {
    taker.push(piece);
    await turns.take();
  }
  taker.end();
  const { events } = taker;
  if (events.size === 0) {
    throw new DeskError('no-events', `There is not a single event in this file: ${taker.firstFault ?? 'it is empty'}`);
  }
  return {
    opened: {
      ...countsOf(events, creators),
      ...{ leftOut: taker.leftOut, repeated: taker.repeated, firstFault: taker.firstFault },
      ...{ policy, revenue, seed: undefined, scenario: undefined, otherRegistry: [] },
    },
    creators,
    revenue,
    books: {},
    readEvents: async () => events,
  };
}

/** Takes the lines of a file; what is not an event is left out, as ingest leaves it out. */
class LineTaker {
  readonly events = new AcceptedEvents();
  leftOut = 0;
  repeated = 0;
  firstFault: string | undefined;
  readonly #scanner = new EventScanner();
  readonly #lines = new LineSplitter({
    line: (block, from, end, number) => this.#line(block, from, end, number),
    longLine: (_, number) => this.#fault(number, LONG_LINE.message),
  });

  push(piece: Uint8Array): void {
    this.#lines.push(piece);
    if (this.events.size > MAX_EVENTS) {
      throw new DeskError('too-many-events', `There are more than ${MAX_EVENTS} events; give a part of them`);
    }
  }

  end(): void {
    this.#lines.end();
  }

  #line(block: Uint8Array, from: number, end: number, number: number): void {
    if (this.#scanner.scan(block, from, end, Number.POSITIVE_INFINITY)) {
      this.#count(this.events.addBytes(block, this.#scanner));
      return;
    }
    const read = readEventLine(block.subarray(from, end));
    if (read.ok) {
      this.#count(this.events.add(read.event));
    } else {
      this.#fault(number, read.message);
    }
  }

  #count(acceptance: Acceptance): void {
    this.repeated += acceptance === 'accepted' ? 0 : 1;
  }

  #fault(line: number, message: string): void {
    this.leftOut += 1;
    this.firstFault ??= `line ${line}: ${message}`;
  }
}

/** Registered creators as CSV, as the command line takes them, or as JSON, as the API does. */
async function readCreators(file: Blob): Promise<readonly RegisteredCreator[]> {
  const text = await file.text();
  const parsed = /^\ufeff?\s*[[{]/.test(text) ? parseCreators(parseJson(text)) : await parseCreatorsCsv(text);
  if (!parsed.ok) {
    throw new DeskError('bad-creators', `This is not a list of creators: ${describeIssues(parsed.issues)}`);
  }
  return parsed.value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    throw new DeskError('bad-creators', `The creators are not JSON: ${cause instanceof Error ? cause.message : cause}`);
  }
}

/** @throws DeskError where there are more creators than a page compares */
function countsOf(events: AcceptedEvents, creators: readonly RegisteredCreator[]) {
  if (events.creators.size > MAX_CREATORS || creators.length > MAX_CREATORS) {
    const found = Math.max(events.creators.size, creators.length).toLocaleString('en-US');
    throw new DeskError(
      'too-many-creators',
      `There are ${found} creators; a page compares ${MAX_CREATORS.toLocaleString('en-US')} at most. Ask the service about them, ` +
        'POST /v1/lab/questions, or the command line',
    );
  }
  return {
    ...{ events: events.size, creators: events.creators.size, viewers: events.viewers.size },
    ...{ registered: creators.length, leftOut: 0, repeated: 0, firstFault: undefined },
  };
}

async function refusalOf(answer: Response): Promise<DeskError> {
  const problem = problemSchema.safeParse(await answer.json().catch(() => undefined));
  return problem.success
    ? new DeskError(problem.data.code, problem.data.detail ?? problem.data.title)
    : new DeskError('unknown', `The answer was ${answer.status} ${answer.statusText}`.trim());
}
