import { readJson } from '@rewardbook/contracts/values/json-text';
import { compareResults } from '@rewardbook/lab/diff/compare-results';
import { type Behind, behind, compareEventSets } from '@rewardbook/lab/diff/event-sets';
import { type ResultDifference, type Results, resultsSchema } from '@rewardbook/lab/diff/results';
import { AcceptedEvents } from '@rewardbook/simulate/events/accepted-events';
import { openInput, readBytes } from '../../files/input.ts';
import { printJson } from '../../files/output.ts';
import { readEvents } from '../../simulation/events-file.ts';
import { inputError, mismatchError } from '../../terminal/failure.ts';
import { type Io, write } from '../../terminal/io.ts';
import type { DiffOptions } from './command.ts';
import { describeEventsDiff, describeResultsDiff } from './diff-text.ts';

// Neither key is one of an event. simulate --json and close --json begin with them, and so they do after jq.
const RESULT = /^\s*\{\s*"(program|period|policyHash)"\s*:/;

/** Compares two files and prints the differences. @throws CliFailure 1 where they differ */
export async function diff(a: string, b: string, options: DiffOptions, io: Io): Promise<void> {
  const [isResultA, isResultB] = [await isResult(a, io), await isResult(b, io)];
  if (isResultA !== isResultB) {
    const [result, events] = isResultA ? [a, b] : [b, a];
    throw inputError(`${result} is a result and ${events} is not: give two results, or two files of events`);
  }
  if (options.events.length > (isResultA ? 2 : 0)) {
    throw inputError('--events is for results: once, or twice for the events of A and those of B');
  }
  const isEqual = isResultA ? await diffResults(a, b, options, io) : await diffEvents(a, b, options, io);
  if (!isEqual) {
    throw mismatchError(`${a} and ${b} differ`);
  }
}

async function diffResults(a: string, b: string, { events, json }: DiffOptions, io: Io): Promise<boolean> {
  const [resultsA, resultsB] = [await readResults(a, io), await readResults(b, io)];
  const compared = compareResults(resultsA, resultsB);
  const traced = await behindOf(compared.firstOfCreator, events, io);
  const found = traced === undefined ? compared : { ...compared, behind: traced };
  if (json) {
    await printJson(io, found);
  } else {
    await write(io.stdout, describeResultsDiff(found, [a, b]));
  }
  return found.equal;
}

async function diffEvents(a: string, b: string, { json }: DiffOptions, io: Io): Promise<boolean> {
  const compared = compareEventSets(await eventsOf(a, io), await eventsOf(b, io));
  const equal = compared.first === null;
  if (json) {
    await printJson(io, { equal, kind: 'events', ...compared });
  } else {
    await write(io.stdout, describeEventsDiff(compared, [a, b]));
  }
  return equal;
}

async function behindOf(
  difference: ResultDifference | null,
  files: readonly string[],
  io: Io,
): Promise<Behind | undefined> {
  if (difference === null || difference.creatorId === null || files.length === 0) {
    return undefined;
  }
  const sets: AcceptedEvents[] = [];
  for (const file of files) {
    sets.push(await eventsOf(file, io));
  }
  return behind(difference.creatorId, difference.period ?? '', sets);
}

async function eventsOf(file: string, io: Io): Promise<AcceptedEvents> {
  const accepted = new AcceptedEvents();
  await readEvents(accepted, file, io);
  return accepted;
}

async function readResults(file: string, io: Io): Promise<Results> {
  const read = readJson(await readBytes(file, io), file);
  if (!read.ok) {
    throw inputError(read.code === 'duplicate-key' ? `${file}: ${read.message}` : read.message);
  }
  const parsed = resultsSchema.safeParse(read.value);
  if (!parsed.success) {
    throw inputError(`${file} is not a result of simulate --json or close --json`, parsed.error);
  }
  return parsed.data;
}

async function isResult(file: string, io: Io): Promise<boolean> {
  if (file === '-') {
    throw inputError('diff reads files, not stdin: it looks into each one first');
  }
  const input = await openInput(file, io);
  for await (const chunk of input.chunks()) {
    return RESULT.test(chunk.toString('utf8', 0, 4096));
  }
  return false;
}
