import { runChangedSchema } from '@rewardbook/contracts/api/payout-runs';
import type { LocalSystem } from '@rewardbook/local/start-local';
import { unpaced } from '@rewardbook/replay/pace';
import type { ReplaySummary } from '@rewardbook/replay/tally';
import { Client, path } from '../../client/client.ts';
import { systemOf } from '../../client/connection.ts';
import { type Pack, periodsOf, readPack } from '../../files/pack.ts';
import { mismatchError, serverError } from '../../terminal/failure.ts';
import { type Io, write } from '../../terminal/io.ts';
import { startProgress } from '../../terminal/progress.ts';
import { groupedCount } from '../../terminal/table.ts';
import { closePeriod } from '../close/close.ts';
import { postCreators } from '../creators/import-creators.ts';
import { putPolicy } from '../program/apply-program.ts';
import { replay, untilTallied } from '../replay/replay.ts';
import { postRevenue } from '../revenue/book-revenue.ts';
import { describeConsole, describeSystem, untilStopped, withLocalSystem } from '../up/local-system.ts';
import { firstDifference, verifyProgram } from '../verify/verify.ts';
import type { DemoOptions } from './command.ts';
import { packLines } from './pack-lines.ts';
import { describePayouts, handlesOf } from './payouts.ts';

const PACK = 'tiktok-cash-id';
const CONCURRENCY = 4;
/** What one of them drafts, the other one approves. */
const PEOPLE = [
  { name: 'operator', scopes: ['events:write', 'operate', 'read', 'read:payments'] },
  { name: 'approver', scopes: ['approve', 'read', 'read:payments'] },
] as const;

/**
 * The whole way from events to payouts, on a separate system that leaves nothing behind: never on the servers of
 * DATABASE_URL and REDIS_URL, which may hold something.
 */
export async function demo({ port }: DemoOptions, io: Io): Promise<void> {
  const pack = await readPack(PACK);
  const { scenario, policy } = pack;
  await write(
    io.stdout,
    `${policy.name}: ${groupedCount(scenario.events)} events, ${groupedCount(scenario.creators)} creators, ` +
      `${periodsOf(pack).join(' and ')}\n\n`,
  );
  io.stderr.write('Starting: embedded Postgres, queue, engagement-events, ledger, payout-reports …\n');
  await withLocalSystem({ port, people: PEOPLE }, io, async (system) => {
    const client = new Client(systemOf(system, system.dataDir), io.signal);
    const summary = await feed(client, pack, io);
    await write(io.stdout, `${describeReplayed(summary)}\n\n`);
    await settle(client, pack, io);
    await prove(client, policy.program, io);
    client.close();
    if (io.stdout.isTTY === true) {
      await draftRun(system, policy.program, io);
      await stayUp(system, io);
    }
  });
}

/** Program, creators and events in. */
async function feed(client: Client, pack: Pack, io: Io): Promise<ReplaySummary> {
  const { policy, scenario } = pack;
  const { program } = policy;
  await putPolicy(client, policy);
  await postCreators(client, program, pack.creators, 'text/csv');
  const progress = startProgress(io.stderr, 'replay', scenario.events);
  let summary: ReplaySummary;
  try {
    summary = await replay(
      client,
      {
        program,
        lines: packLines(scenario),
        pace: unpaced,
        concurrency: CONCURRENCY,
        onProgress: ({ sent }) => progress.update(sent, `${groupedCount(sent)} events`),
      },
      io.signal,
    );
  } finally {
    progress.stop();
  }
  const known = summary.accepted + summary.duplicates;
  if (known !== scenario.events) {
    const first = summary.refused[0];
    throw serverError(
      `${groupedCount(scenario.events - known)} of the pack's events were refused` +
        `${first === undefined ? '' : `, the first for: ${first.code}: ${first.message}`}. Is this machine's clock right?`,
    );
  }
  await untilTallied(client, program, io.signal);
  return summary;
}

/** Revenue booked, periods closed, payouts printed. */
async function settle(client: Client, pack: Pack, io: Io): Promise<void> {
  const { program } = pack.policy;
  const handles = await handlesOf(pack.creators);
  for (const booking of pack.revenue) {
    await postRevenue(client, program, booking);
  }
  for (const period of periodsOf(pack)) {
    io.stderr.write(`Closing ${period} …\n`);
    await closePeriod(client, program, period, io.signal);
    await write(io.stdout, `${await describePayouts(client, program, period, handles)}\n`);
  }
}

/** @throws CliFailure 1 where an invariant of the books is broken */
async function prove(client: Client, program: string, io: Io): Promise<void> {
  io.stderr.write('Verifying: books, hash chain, and both periods derived again from the events …\n');
  const verified = await verifyProgram(client, program);
  const broken = firstDifference([verified]);
  if (broken !== undefined) {
    throw mismatchError(broken);
  }
  const looked = verified.checks.reduce((sum, { checked }) => sum + checked, 0);
  await write(
    io.stdout,
    `verify: every invariant holds (${verified.checks.length} kinds, ${groupedCount(looked)} checks)\n`,
  );
}

/** So that the console has a payout run that waits for its approval. */
async function draftRun({ urls, peoplesKeys }: LocalSystem, program: string, io: Io): Promise<void> {
  const [{ name }] = PEOPLE;
  const client = new Client({ urls, keyFor: () => peoplesKeys.get(name) ?? '', origin: 'the demo' }, io.signal);
  await client.json(
    { service: 'ledger', scope: 'operate', method: 'POST', path: path`/v1/programs/${program}/payout-runs` },
    runChangedSchema,
  );
  client.close();
}

async function stayUp(system: LocalSystem, io: Io): Promise<void> {
  await write(
    io.stdout,
    `\n${await describeConsole(system, io)}The system stays up; Ctrl-C stops it and removes its data.\n${describeSystem(system)}\n` +
      `Look around with: npx pnpm@12 rewardbook report statement --program ${PACK} --creator c0000001 --data ${system.dataDir}\n`,
  );
  await untilStopped(io);
  io.stderr.write('Stopping …\n');
}

function describeReplayed({ accepted, eventsPerSecond, seconds }: ReplaySummary): string {
  return (
    `Replayed: ${groupedCount(accepted)} events accepted over HTTP in ${seconds.toFixed(1)} s, ` +
    `${groupedCount(eventsPerSecond)} a second, each durable and counted once`
  );
}
