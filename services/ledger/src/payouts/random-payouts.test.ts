import { BooksRefused, isTransient } from '@rewardbook/db/errors';
import { AppError } from '@rewardbook/runtime/http/errors';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { rollBalances } from '../journal/checkpoint-sql.ts';
import { sweepLeftBehind } from '../recovery/sweep.ts';
import { type Books, openBooks, programOf } from '../test-support/books.ts';
import { dying } from '../test-support/dying.ts';
import { type Game, type Operation, openGame } from '../test-support/game.ts';
import { watchInvariants } from '../test-support/invariants.ts';
import { drawOperation } from '../test-support/operations.ts';
import { watchModel } from '../test-support/watch-model.ts';

// Random operations from a seed, each also in a process that dies and then again, several times concurrently, or
// alongside others. After every step every invariant is checked, and creators' balances against a model of the rules;
// at intervals all of them from the beginning. PAYOUT_STEPS runs it longer, PAYOUT_SEED again.
// Games are of a length at which `verify` is quick; each has another policy and currency.
const STEPS = Number(process.env.PAYOUT_STEPS ?? 200);
const SEED = Number(process.env.PAYOUT_SEED ?? 1);
const STEPS_PER_GAME = 125;
const STEPS_PER_VERIFY = 25;
const GAMES = Array.from({ length: Math.ceil(STEPS / STEPS_PER_GAME) }, (_, index) => SEED + index);
const MAX_STATEMENTS = 6;
const MAX_STATEMENTS_OF_CLOSE = 40;

// What a few hundred steps come to for sure; and what thousands do.
const KINDS = ['close', 'holdback', 'payout', 'settlement', 'revenue', 'clawback'];
const MORE_KINDS = [
  'reversal',
  'release',
  'payout-return',
  'adjustment',
  'write-off',
  'unclaimed',
  'tax-remittance',
  'receipt',
  'funding',
];

let books: Books;
const outcomes = { done: 0, refused: 0, lost: 0 };
const kinds = new Set<string>();

beforeAll(async () => {
  books = await openBooks();
});
afterAll(() => books.close());

/** Refusals are part of the game; everything else is a fault. */
async function attempt(act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
    outcomes.done += 1;
  } catch (error) {
    if (error instanceof BooksRefused || error instanceof AppError) {
      outcomes.refused += 1;
    } else if (isTransient(error)) {
      outcomes.lost += 1;
    } else {
      throw error;
    }
  }
}

const busy = { waiting: 1, active: 0, delayed: 0 };
const queues = { enqueue: async () => undefined, depths: async () => ({ tally: busy, close: busy }) };

/** Runs an operation: alone; dying, then again; three times concurrently; alongside another, a roll and a sweep. */
async function play(game: Game, { name, act }: Operation, manner: number): Promise<void> {
  const { ledger } = books;
  if (manner === 1) {
    const most = name.startsWith('close') ? MAX_STATEMENTS_OF_CLOSE : MAX_STATEMENTS;
    const statement = 1 + game.random(most);
    await attempt(() => dying(books, act, statement));
    await attempt(() => act(ledger));
  } else if (manner === 2) {
    await Promise.all([1, 2, 3].map(() => attempt(() => act(ledger))));
  } else if (manner === 3) {
    const other = await drawOperation(game);
    const roll: Operation['act'] = ({ slowSql }) => rollBalances(slowSql, game.programId);
    await Promise.all([act, other.act, roll].map((one) => attempt(() => one(ledger))));
    await attempt(async () => expect((await sweepLeftBehind(ledger, queues)).failures).toEqual([]));
  } else {
    await attempt(() => act(ledger));
  }
}

it.each(GAMES)(
  'random operations with seed %i leave books in which every invariant holds',
  async (seed) => {
    const game = await openGame(books, `random-${seed}`, seed);
    const program = await programOf(books, game.slug);
    const invariants = watchInvariants(books, program);
    const followModel = watchModel(books, program);
    const steps = Math.min(STEPS_PER_GAME, STEPS - STEPS_PER_GAME * (seed - SEED));
    for (let step = 1; step <= steps; step += 1) {
      const operation = await drawOperation(game);
      const manner = game.random(4);
      const what = `seed ${seed}, step ${step}: ${operation.name} (${manner})`;
      await play(game, operation, manner);
      await invariants.afterStep(what);
      await followModel(what);
      if (step % STEPS_PER_VERIFY === 0 || step === steps) {
        await invariants.whole(what);
      }
    }
    const rows = await books.owner<{ kind: string }[]>`
    SELECT DISTINCT kind FROM journal_entry WHERE program_id = ${game.programId}`;
    for (const { kind } of rows) {
      kinds.add(kind);
    }
  },
  300_000,
);

it('the games were played: of all kinds of entries there are some, and what could not be done was refused', () => {
  expect([...kinds]).toEqual(expect.arrayContaining(STEPS < 1_000 ? KINDS : [...KINDS, ...MORE_KINDS]));
  expect(outcomes.done).toBeGreaterThan(STEPS / 3);
  expect(outcomes.refused).toBeGreaterThan(0);
  expect(outcomes.lost).toBeGreaterThan(0);
});
