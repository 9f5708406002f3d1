import { writeCreatorsCsv } from '@rewardbook/contracts/files/creators-csv-writer';
import { generateCreators } from '@rewardbook/simulate/generator/creators';
import { eventLine } from '@rewardbook/simulate/generator/event-line';
import { generateEvents } from '@rewardbook/simulate/generator/events';
import type { Scenario } from '@rewardbook/simulate/generator/scenario';
import { isStdout, writeFileOf, writeTo } from '../../files/output.ts';
import { findScenario } from '../../files/pack.ts';
import { Interrupted } from '../../terminal/failure.ts';
import { type Io, write } from '../../terminal/io.ts';
import { startProgress } from '../../terminal/progress.ts';
import { groupedCount } from '../../terminal/table.ts';
import type { GenerateOptions } from './command.ts';

type Write = (text: string | Uint8Array) => Promise<void>;

const LINES_PER_WRITE = 2_000;

/** Makes a scenario's events, and its creators if asked to. */
export async function generate(given: string, options: GenerateOptions, io: Io): Promise<void> {
  const { seed, events, creators, viewers } = options;
  const found = await findScenario(given);
  const size = Object.fromEntries(
    Object.entries({ seed, events, creators, viewers }).filter(([, value]) => value !== undefined),
  );
  const scenario: Scenario = { ...found, ...size };
  const isToFile = !isStdout(options.output);
  if (options.creatorsOutput !== undefined) {
    await writeTo(options.creatorsOutput, io, async (put) => {
      for (const lines of writeCreatorsCsv(generateCreators(scenario))) {
        await put(lines);
      }
    });
  }
  await writeFileOf(options.output, io, (put) => lines(scenario, put, io));
  const made = { seed: scenario.seed, events: scenario.events, creators: scenario.creators, viewers: scenario.viewers };
  if (options.json) {
    await write(isToFile ? io.stdout : io.stderr, `${JSON.stringify(made)}\n`);
  } else {
    io.stderr.write(`${groupedCount(made.events)} events of seed ${made.seed}\n`);
  }
}

async function lines(scenario: Scenario, put: Write, io: Io): Promise<void> {
  const progress = startProgress(io.stderr, 'generate', scenario.events);
  let text = '';
  let made = 0;
  try {
    for (const event of generateEvents(scenario)) {
      text += `${eventLine(event)}\n`;
      made += 1;
      if (made % LINES_PER_WRITE !== 0) {
        continue;
      }
      await put(text);
      text = '';
      progress.update(made, groupedCount(made));
      if (io.signal.aborted) {
        throw new Interrupted();
      }
    }
    await put(text);
    progress.update(made, groupedCount(made));
  } finally {
    progress.stop();
  }
}
