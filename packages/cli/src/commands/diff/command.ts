import type { Command } from '@commander-js/extra-typings';
import { examples } from '../../arguments/help.ts';
import { jsonOption, type OptionsOf } from '../../arguments/options.ts';

export type DiffOptions = OptionsOf<typeof diffCommand>;

export function diffCommand(root: Command) {
  return root
    .command('diff')
    .summary('two results, or two files of events: equal, or the first difference')
    .description(
      'Compares two results (of simulate --json or close --json) or two files of events. Says that they are equal and ends with 0, or ' +
        'names the first difference and ends with 1. Results are compared period by period, creators by their ids; a result of one ' +
        'period with the same period of a longer one. Events are compared as sets: neither order nor repetition is a difference; the first one ' +
        'is the earliest event. With --events the engagements of the first creator who differs are listed with their events: those that ' +
        'touch the period, or given two files (those of A and of B), those that are not the same in both.',
    )
    .argument('<a>', 'a result as JSON, or events as NDJSON; plain or gzip')
    .argument('<b>', 'what to compare it with')
    .option('--events <file>', 'events behind two results; twice for those of A and of B', collect, [])
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples(
        'rewardbook diff simulated.json closed.json --events events.ndjson.gz',
        'rewardbook diff before.json after.json --events sent.ndjson --events recorded.ndjson --json',
        'rewardbook diff sent.ndjson.gz recorded.ndjson.gz',
      ),
    );
}

function collect(file: string, before: readonly string[]): string[] {
  return [...before, file];
}
