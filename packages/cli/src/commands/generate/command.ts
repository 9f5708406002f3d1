import { Argument, type Command } from '@commander-js/extra-typings';
import { examples } from '../../arguments/help.ts';
import { type OptionsOf, wholeNumber } from '../../arguments/options.ts';

// Event numbers are 30 bits of an id.
const MAX_EVENTS = 2 ** 30 - 1;
const MAX_PARTIES = 100_000_000;

export type GenerateOptions = OptionsOf<typeof generateCommand>;

export function generateCommand(root: Command) {
  return root
    .command('generate')
    .summary('make the events of a scenario, the same ones every time')
    .description(
      'Makes events from a scenario as NDJSON, in time order: heavy tails of popularity and activity, the rhythm of day and week, growth, ' +
        'viral bursts, take-backs, adversaries. The same scenario, seed and sizes give the same bytes on every machine. Memory does not ' +
        'grow with the number of events.',
    )
    .addArgument(new Argument('<scenario>', 'a pack by its name in seeds/ or its folder, or a scenario file (.yaml)'))
    .option('--seed <n>', 'another run of the same scenario', wholeNumber(0))
    .option('--events <n>', 'how many', wholeNumber(0, MAX_EVENTS))
    .option('--creators <n>', 'how many', wholeNumber(1, MAX_PARTIES))
    .option('--viewers <n>', 'how many', wholeNumber(1, MAX_PARTIES))
    .option('-o, --output <file>', 'file to write; gzip if it ends in .gz; - is stdout, the default')
    .option('--creators-output <file>', "write the creators' CSV there too, for --creators of simulate and compare")
    .option(
      '--json',
      'print what was made as JSON, on stdout where the events go to a file, otherwise on stderr',
      false,
    )
    .addHelpText(
      'after',
      examples(
        'rewardbook generate tiktok-cash-id --seed 7 --events 1000000 -o events.ndjson.gz',
        'rewardbook generate burst-kr --creators 50 --viewers 2000 --events 10000 --creators-output creators.csv > events.ndjson',
        'rewardbook generate my-scenario.yaml | rewardbook replay - --program my-program',
      ),
    );
}
