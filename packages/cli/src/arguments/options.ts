import { type Command, InvalidArgumentError, Option, type OptionValues } from '@commander-js/extra-typings';
import { type GivenColumns, readColumns } from '@rewardbook/contracts/files/event-tables/event-columns';
import { EVENT_FORMATS } from '@rewardbook/contracts/files/event-tables/open-table';
import { describeIssues } from '@rewardbook/contracts/values/issue';
import { parseInstant } from '@rewardbook/domain/values/instant';
import { parsePeriod } from '@rewardbook/domain/values/period';
import { parseDecimal } from '@rewardbook/money/decimal';
import { MoneyError } from '@rewardbook/money/error';

/** The options of a command, as its declaration says: each with the type that its reader gives. */
export type OptionsOf<Declare extends (parent: Command, ...rest: never[]) => { opts(): object }> = Readonly<
  ReturnType<ReturnType<Declare>['opts']>
>;

/** How a file of events is written. */
export const FORMAT_ABOUT = 'how the events are written (default: what the name or the first bytes of the file say)';

const SLUG = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** `--program P`: required, a slug. */
export function programOption() {
  return new Option('--program <slug>', 'the program').makeOptionMandatory().argParser(readProgram);
}

/** `--data DIR`: where `up` keeps its files. */
export function dataOption() {
  return new Option('--data <dir>', 'data folder of the system (default: $REWARDBOOK_DATA, or the one of your user)');
}

/** `--json`: for machines. */
export function jsonOption() {
  return new Option('--json', 'print JSON, for machines').default(false);
}

export function readProgram(text: string): string {
  if (!SLUG.test(text)) {
    throw new InvalidArgumentError('A program is a slug of a-z, 0-9 and "-", as tiktok-cash-id.');
  }
  return text;
}

export function readPeriod(text: string): string {
  if (parsePeriod(text) === undefined) {
    throw new InvalidArgumentError('A period is a month (2026-10), an ISO week (2026-W43) or a day (2026-10-15).');
  }
  return text;
}

/** An instant of RFC 3339, kept as text. */
export function readInstant(text: string): string {
  if (parseInstant(text) === undefined) {
    throw new InvalidArgumentError('Give an instant with its offset, as 2026-12-31T00:00:00Z.');
  }
  return text;
}

/** A whole number, at least `least`, that a JavaScript number holds exactly. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < least || value > most) {
      const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `from ${least} to ${most}`;
      throw new InvalidArgumentError(`Give a whole number, ${range}.`);
    }
    return value;
  };
}

/** A number above zero, such as a speed. */
export function readFactor(text: string): number {
  const value = Number(text);
  if (!/^\d+(\.\d+)?$/.test(text) || !(value > 0)) {
    throw new InvalidArgumentError('Give a number above 0.');
  }
  return value;
}

/** A plain decimal of any sign, kept as text. */
export function readDecimal(text: string): string {
  try {
    parseDecimal(text);
    return text;
  } catch (error) {
    if (error instanceof MoneyError) {
      throw new InvalidArgumentError(`${error.message}.`);
    }
    throw error;
  }
}

/** One or more `PERIOD=AMOUNT`; the same period again adds another entry. */
function readRevenue(text: string, before: readonly RevenueArgument[] = []): RevenueArgument[] {
  const at = text.indexOf('=');
  if (at < 0) {
    throw new InvalidArgumentError('Give PERIOD=AMOUNT, as 2026-10=1000.00.');
  }
  return [...before, { period: readPeriod(text.slice(0, at)), amount: readDecimal(text.slice(at + 1)) }];
}

export interface RevenueArgument {
  readonly period: string;
  /** Major units, as written. */
  readonly amount: string;
}

/** `--revenue 2026-10=1000.00 …`: of the periods to close; a pack has its own. */
export function revenueOption() {
  const about = 'revenue of a period, in major units; periods between without any had 0';
  return new Option('--revenue <period=amount...>', about).argParser(readRevenue);
}

/** `--creators FILE`: who is registered. */
export function creatorsFileOption() {
  return new Option('--creators <file>', 'registered creators, CSV with a header');
}

/** `--events FILE`: what the policy lab asks about. */
export function eventsOption() {
  return new Option('--events <file>', 'events as NDJSON, CSV or Parquet, plain or gzip; - is stdin');
}

/** `--events-format F` of the file of `--events`. */
export function eventsFormatOption() {
  return new Option('--events-format <format>', FORMAT_ABOUT).choices(EVENT_FORMATS);
}

/** `--columns id=event_id,…`: what a table of events has where. */
export function columnsOption() {
  const about = 'columns of CSV and Parquet, as id=event_id,type=kind; what is left out is known by its name';
  return new Option('--columns <field=column,...>', about).argParser(readColumnsOption);
}

/** `--assume-utc`: for tables of events. */
export function assumeUtcOption() {
  return new Option('--assume-utc', 'times of CSV and Parquet without an offset are in UTC').default(false);
}

function readColumnsOption(text: string): GivenColumns {
  const read = readColumns(text);
  if (!read.ok) {
    throw new InvalidArgumentError(`${describeIssues(read.issues)}.`);
  }
  return read.value;
}

/** `--scenario S`: events that are made, for the policy lab. */
function scenarioOption() {
  return new Option(
    '--scenario <scenario>',
    'events made from a pack (name or folder) or a scenario file, instead of --events',
  );
}

/** `--seed N` of a scenario. */
function seedOption() {
  return new Option('--seed <n>', 'another run of the scenario').argParser(wholeNumber(0));
}

/** `--count N`: size of a scenario. */
function countOption() {
  return new Option('--count <n>', 'how many events to make from the scenario').argParser(wholeNumber(1, 2 ** 30 - 1));
}

/** `--events` (and how they are written), `--scenario`, `--seed` and `--count`: where a command without a server takes its events from. */
export function addEventsOptions<Args extends unknown[], Given extends OptionValues, Outer extends OptionValues>(
  command: Command<Args, Given, Outer>,
) {
  return command
    .addOption(eventsOption())
    .addOption(eventsFormatOption())
    .addOption(columnsOption())
    .addOption(assumeUtcOption())
    .addOption(scenarioOption())
    .addOption(seedOption())
    .addOption(countOption());
}

/** `--format F`: how results are printed. */
export function formatOption<const Formats extends readonly string[]>(...formats: Formats) {
  return new Option('--format <format>', 'how to print it').choices(formats);
}
