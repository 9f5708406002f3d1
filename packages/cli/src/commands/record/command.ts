import type { Command } from '@commander-js/extra-typings';
import { examples } from '../../arguments/help.ts';
import { dataOption, jsonOption, type OptionsOf, programOption, readPeriod } from '../../arguments/options.ts';

export type RecordOptions = OptionsOf<typeof recordCommand>;

export function recordCommand(root: Command) {
  return root
    .command('record')
    .summary('write accepted events to a file, for replay, simulate and diff')
    .description(
      'Writes the accepted events of a program as NDJSON, each once, ordered by id, source and viewer: the same events give the same ' +
        'bytes. All of them replayed into a fresh program with the same policy, creators and revenue give the same results, as long as no event ' +
        'came after the close of its period. With --period only what happened in that period; earlier events also decide what a close ' +
        'counts. Memory does not grow with the number of events.',
    )
    .addOption(programOption())
    .option('--period <period>', 'only events that happened in this period', readPeriod)
    .option('-o, --output <file>', 'file to write; gzip if it ends in .gz; - is stdout, the default')
    .addOption(dataOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'rewardbook record --program tiktok-cash-id -o events.ndjson.gz',
        'rewardbook record --program tiktok-cash-id --period 2026-10 -o october.ndjson',
        'rewardbook record --program live | rewardbook simulate --policy next.yaml --events - --revenue 2026-10=1000.00',
      ),
    );
}
