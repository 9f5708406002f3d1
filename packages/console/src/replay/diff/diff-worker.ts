import '../../api/no-eval.ts';
import { readEventLine } from '@rewardbook/contracts/events/event-line';
import { EventScanner } from '@rewardbook/contracts/events/event-scanner';
import { compareResults } from '@rewardbook/lab/diff/compare-results';
import { behind, compareEventSets } from '@rewardbook/lab/diff/event-sets';
import { type Results, resultsSchema } from '@rewardbook/lab/diff/results';
import { AcceptedEvents } from '@rewardbook/simulate/events/accepted-events';
import { bytesOf, openSource } from '../events/open-source.ts';
import type { DiffQuestion, FileDiff, FromDiff } from './messages.ts';

// What `rewardbook diff` does, by the same core.

/** Keys with which a result begins, and no event. */
const RESULT = /^\s*\{\s*"(program|period|policyHash)"\s*:/;
const BEGINNING_BYTES = 4_096;

self.addEventListener('message', ({ data }: MessageEvent<DiffQuestion>) => {
  void compare(data).then(
    (diff) => tell({ diff }),
    (error: unknown) => tell({ fault: error instanceof Error ? error.message : String(error) }),
  );
});

async function compare({ a, b, events }: DiffQuestion): Promise<FileDiff> {
  const [isResultA, isResultB] = [await isResult(a), await isResult(b)];
  if (isResultA !== isResultB) {
    const [result, other] = isResultA ? [a, b] : [b, a];
    throw new Error(`${result.name} is a result and ${other.name} is not: give two results, or two files of events`);
  }
  if (!isResultA) {
    const [inA, inB] = [await eventsOf(a), await eventsOf(b)];
    const compared = compareEventSets(inA.accepted, inB.accepted);
    return { kind: 'events', equal: compared.first === null, leftOut: inA.leftOut + inB.leftOut, ...compared };
  }
  const diff = compareResults(await resultsOf(a), await resultsOf(b));
  const { firstOfCreator } = diff;
  if (firstOfCreator === null || firstOfCreator.creatorId === null || events.length === 0) {
    return diff;
  }
  const sets: AcceptedEvents[] = [];
  for (const file of events) {
    sets.push((await eventsOf(file)).accepted);
  }
  return { ...diff, behind: behind(firstOfCreator.creatorId, firstOfCreator.period ?? '', sets) };
}

async function isResult(file: File): Promise<boolean> {
  const bytes = await bytesOf(file, BEGINNING_BYTES);
  return RESULT.test(new TextDecoder().decode(bytes));
}

async function resultsOf(file: File): Promise<Results> {
  const parsed = resultsSchema.safeParse(jsonOf(new TextDecoder().decode(await bytesOf(file))));
  if (!parsed.success) {
    throw new Error(`${file.name} is not a result of simulate --json or close --json`);
  }
  return parsed.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // no result either
  }
}

async function eventsOf(file: File): Promise<{ accepted: AcceptedEvents; leftOut: number }> {
  const source = await openSource({ kind: 'file', file });
  const scanner = new EventScanner();
  const accepted = new AcceptedEvents();
  let leftOut = 0;
  for await (const { bytes } of source.lines()) {
    if (scanner.scan(bytes, 0, bytes.length, Number.POSITIVE_INFINITY)) {
      accepted.addBytes(bytes, scanner);
      continue;
    }
    const read = readEventLine(bytes);
    if (read.ok) {
      accepted.add(read.event);
    } else {
      leftOut += 1;
    }
  }
  if (accepted.size === 0) {
    throw new Error(`No line of ${file.name} is an event`);
  }
  return { accepted, leftOut };
}

function tell(message: FromDiff): void {
  self.postMessage(message);
}
