import { listRuns, type PayoutRun } from '@rewardbook/db/books/runs';
import { BY_CREATOR, listPayouts } from '@rewardbook/db/lists/payouts';
import { doOrAsk } from '../approvals/gate.ts';
import { approveRun, discardRun, draftRun, exportRun, planReturn, settleRun } from '../payouts/payout-runs.ts';
import { CREATORS, type Draw, type Drawn, type Game, money, type Operation } from './game.ts';
import * as draws from './operation-draws.ts';
import { BY, OTHER } from './payout-books.ts';

const DRAWS: readonly (readonly [weight: number, draw: Draw])[] = [
  [3, ({ game: { slug }, by }) => ({ name: 'draft', act: (ledger) => draftRun(ledger, slug, by) })],
  [12, forward],
  [3, approval],
  [3, exporting],
  [3, settlement],
  [
    1,
    ({ game: { slug }, by, runId }) => ({
      name: `discard ${runId}`,
      act: (to) => discardRun(to, slug, runId, 'r', by),
    }),
  ],
  [3, returning],
  [3, draws.remittance],
  [6, draws.adjustment],
  [3, draws.reversal],
  [3, draws.hold],
  [5, draws.decision],
  [3, draws.cash],
  [6, draws.events],
  [4, draws.revenue],
  [9, draws.close],
  [1, draws.policy],
  [1, draws.registration],
];
const WEIGHTS = DRAWS.reduce((sum, [weight]) => sum + weight, 0);

/** The next operation, by the seed and by what is in the books. */
export async function drawOperation(game: Game): Promise<Operation> {
  game.number += 1;
  const { random, number, books, programId } = game;
  const pick: Drawn['pick'] = (values) => values[random(values.length)] ?? values[0];
  const runs = await listRuns(books.owner, programId, { after: 0, limit: 1000 });
  const [closed] = await books.owner<{ period: string }[]>`
    SELECT period FROM close WHERE program_id = ${programId} AND status = 'closed' ORDER BY close_no DESC LIMIT 1`;
  const isStale = ({ status, period }: PayoutRun): boolean => status === 'draft' && period !== closed?.period;
  const open = runs.filter((run) => run.status !== 'settled' && run.status !== 'discarded' && !isStale(run));
  const run = random(4) === 0 ? runs[random(runs.length || 1)] : (open[random(2)] ?? open[0] ?? runs.at(-1));
  const drawn: Drawn = {
    game,
    by: pick([BY, OTHER]),
    creatorId: CREATORS[random(CREATORS.length)] ?? 'a',
    reference: `r${random(4) === 0 ? random(number) : number}`,
    amount: money(game, BigInt(1 + random(40_000))),
    run,
    runId: run?.runId ?? 'none-1',
    pick,
  };
  let place = random(WEIGHTS);
  for (const [weight, draw] of DRAWS) {
    place -= weight;
    if (place < 0) {
      return draw(drawn);
    }
  }
  throw new Error('the weights do not add up');
}

function approval({ game: { slug }, by, run, runId }: Drawn): Operation {
  const contentHash = run?.contentHash ?? '';
  return { name: `approve ${runId}`, act: (ledger) => approveRun(ledger, slug, runId, contentHash, by) };
}

/** What brings a run further, by whoever may. */
function forward(drawn: Drawn): Operation {
  const { game, run, by } = drawn;
  if (run === undefined || run.status === 'settled' || run.status === 'discarded') {
    return { name: 'draft', act: (ledger) => draftRun(ledger, game.slug, by) };
  }
  if (run.status === 'draft') {
    return approval({ ...drawn, by: run.draftedBy === 'ada' ? OTHER : BY });
  }
  return run.status === 'approved' ? exporting(drawn) : settlement(drawn);
}

function exporting({ game: { slug }, by, runId }: Drawn): Operation {
  return { name: `export ${runId}`, act: (ledger) => exportRun(ledger, slug, runId, by) };
}

function settlement({ game: { slug }, by, runId }: Drawn): Operation {
  return { name: `settle ${runId}`, act: (ledger) => settleRun(ledger, slug, runId, undefined, by) };
}

async function returning({ game, by, run, runId, ...drawn }: Drawn): Promise<Operation> {
  const { books, slug, programId, random } = game;
  const due =
    run &&
    (await listPayouts(
      books.owner,
      { programId, runNumber: run.runNumber, filter: { status: 'due' } },
      { ...BY_CREATOR, limit: 100 },
    ));
  const creatorId = due?.[random(due.length || 1)]?.creatorId ?? drawn.creatorId;
  const body = { creatorId, reason: 'back' };
  const act: Operation['act'] = async (ledger) => doOrAsk(ledger, await planReturn(ledger, slug, runId, body, by));
  return { name: `return ${runId} ${creatorId}`, act };
}
