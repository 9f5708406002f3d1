import type { Command } from 'commander';
import { Option } from 'commander';
import { examples } from '../help.ts';
import type { Io } from '../io.ts';
import { dataOption, jsonOption, programOption, readFactor, wholeNumber } from '../options.ts';

export interface ReplayOptions {
  readonly program: string;
  readonly data?: string;
  readonly shuffle?: string;
  readonly repeat: number;
  readonly rate?: number;
  readonly speed?: number;
  readonly concurrency: number;
  readonly json: boolean;
}

export function registerReplay(root: Command, io: Io): void {
  root
    .command('replay')
    .summary('send recorded events to the ingest service')
    .description(
      'Sends events, one JSON object a line (NDJSON, plain or gzip; - is stdin), and waits until the ledger has tallied ' +
        'them. An event counts once, however often and in whatever order it is sent. A refused line never costs the good ones: ' +
        'it is counted and named. Busy servers and lost connections are tried again for two minutes.',
    )
    .argument('<file>', 'events as NDJSON, plain or gzip; - is stdin')
    .addOption(programOption())
    .option('--shuffle <seed>', 'send the lines in an order drawn from this seed (holds the file in memory)')
    .option('--repeat <times>', 'send everything this many times', wholeNumber(1, 1000), 1)
    .addOption(new Option('--rate <events>', 'events a second, evenly').argParser(wholeNumber(1)).conflicts('speed'))
    .addOption(
      new Option('--speed <factor>', 'as the events happened, this many times as fast')
        .argParser(readFactor)
        .conflicts('shuffle'),
    )
    .option('--concurrency <requests>', 'requests under way at the same time', wholeNumber(1, 64), 4)
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'rewardbook replay events.ndjson.gz --program tiktok-cash-id',
        'rewardbook replay events.ndjson --program tiktok-cash-id --shuffle 7 --repeat 2',
        'rewardbook replay day.ndjson --program tiktok-cash-id --speed 60',
        'zcat *.ndjson.gz | rewardbook replay - --program tiktok-cash-id --json',
      ),
    )
    .action(async (file: string, options: ReplayOptions) => {
      const { replayFile } = await import('../replay/replay-file.ts');
      await replayFile(file, options, io);
    });
}
