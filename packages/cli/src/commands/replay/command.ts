import { type Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { EVENT_FORMATS } from '@rewardbook/contracts/files/event-tables/open-table';
import { FAULTS, type Fault } from '@rewardbook/replay/faults';
import { examples } from '../../arguments/help.ts';
import {
  assumeUtcOption,
  columnsOption,
  dataOption,
  FORMAT_ABOUT,
  jsonOption,
  type OptionsOf,
  programOption,
  readFactor,
  readInstant,
  wholeNumber,
} from '../../arguments/options.ts';
import { readChance, readDuration } from './mischief-options.ts';

export type ReplayOptions = OptionsOf<typeof replayCommand>;

export function replayCommand(root: Command) {
  return root
    .command('replay')
    .summary('send recorded events to the ingest service')
    .description(
      'Sends events, one JSON object a line (NDJSON, plain or gzip; - is stdin), and waits until the ledger has tallied ' +
        'them. CSV and Parquet are sent as such lines; their columns are known by their names, or given. An event counts once, however often and in whatever order it is sent. A refused line never affects good ones: ' +
        'it is counted and named. Busy servers and lost connections are tried again for two minutes.\n\n' +
        'For tests, events can be left out or come late and requests go wrong, all drawn from --seed: the same options give the ' +
        'same run. What is done on purpose is kept apart from what the service refused. Faults: abort cuts the connection within a ' +
        'request, truncate sends gzip without its end, and both send the whole request after that; slow sends a request in pieces with ' +
        'pauses; duplicate sends it twice at the same time; garbage puts lines that are not events between good ones. A service ' +
        'that takes garbage or cut gzip makes the replay end with 1.',
    )
    .argument('<file>', 'events as NDJSON, CSV or Parquet, plain or gzip; - is stdin')
    .addOption(programOption())
    .addOption(new Option('--format <format>', FORMAT_ABOUT).choices(EVENT_FORMATS))
    .addOption(columnsOption())
    .addOption(assumeUtcOption())
    .option('--seed <seed>', 'for everything that is random; any text', '0')
    .option('--shuffle [seed]', 'send the lines in an order drawn from this seed, or --seed (holds the file in memory)')
    .option('--repeat <times>', 'send everything this many times', wholeNumber(1, 1000), 1)
    .addOption(new Option('--rate <events>', 'events a second, evenly').argParser(wholeNumber(1)).conflicts('speed'))
    .addOption(
      new Option('--speed <factor>', 'as the events happened: 1 in real time, 60 a minute a second')
        .argParser(readFactor)
        .conflicts('shuffle'),
    )
    .option('--concurrency <requests>', 'requests under way at the same time', wholeNumber(1, 64), 4)
    .option('--batch <events>', 'events a request at most (default: 5000)', wholeNumber(1, 5000))
    .option('--drop <share>', 'leave this share of the events out, as 0.01', readChance)
    .option('--late <share>', 'hold this share of the events back and send them at the end', readChance)
    .addOption(
      new Option('--late-by <time>', 'send late events when the file has come to events this much later, as 36h')
        .argParser(readDuration)
        .conflicts(['lateUntil', 'shuffle']),
    )
    .addOption(
      new Option('--late-until <instant>', 'send late events when the file has come to this instant')
        .argParser(readInstant)
        .conflicts('shuffle'),
    )
    .addOption(new Option('--fault <kinds>', `faults of requests: ${FAULTS.join(',')}, or all`).argParser(readFaults))
    .option('--fault-chance <share>', 'the share of requests that have one of the faults', readChance, 0.1)
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'rewardbook replay events.ndjson.gz --program tiktok-cash-id',
        'rewardbook replay events.ndjson --program tiktok-cash-id --shuffle 7 --repeat 2',
        'rewardbook replay day.ndjson --program tiktok-cash-id --speed 60',
        'rewardbook replay events.ndjson --program test --seed 7 --shuffle --drop 0.01 --fault abort,garbage',
        'rewardbook replay events.ndjson --program test --late 0.05 --late-by 36h --fault all --batch 500',
        'rewardbook replay likes.csv --program test --columns id=row_id,viewerId=fan',
        'zcat *.ndjson.gz | rewardbook replay - --program tiktok-cash-id --json',
      ),
    );
}

function readFaults(text: string, before: readonly Fault[] = []): Fault[] {
  if (text === 'all') {
    return [...FAULTS];
  }
  const kinds = text.split(',').map((given) => {
    const kind = FAULTS.find((known) => known === given);
    if (kind === undefined) {
      throw new InvalidArgumentError(`Give some of ${FAULTS.join(',')}, or all.`);
    }
    return kind;
  });
  return [...new Set([...before, ...kinds])];
}
