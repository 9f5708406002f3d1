import type { PayoutRun } from '@rewardbook/db/books/runs';
import type { RegisteredCreator } from '@rewardbook/domain/policy/creator';
import type { Policy } from '@rewardbook/domain/policy/policy';
import { formatAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { fraction, randomFrom } from '@rewardbook/simulate/generator/random';
import { actorOf } from '../../../../test/support/people.ts';
import { importCreators } from '../creators/import-creators.ts';
import { applyPolicy } from '../programs/apply-policy.ts';
import type { Caller } from '../service/caller.ts';
import { type Books, programOf, testPolicy } from './books.ts';
import type { Act } from './dying.ts';

export const CREATORS = ['a', 'b', 'c', 'd', 'e:%', 'ü'];
export const COUNTRIES = ['ID', 'BR', 'US'] as const;

/** A whole number from 0, below the one given. */
export type Random = (below: number) => number;

/** A program that random operations are done to. */
export interface Game {
  readonly books: Books;
  readonly slug: string;
  readonly programId: number;
  readonly currency: string;
  readonly random: Random;
  /** Counts the operations; makes references and ids. */
  number: number;
}

/** An operation with everything that was drawn for it: done again, it is the same one. */
export interface Operation {
  readonly name: string;
  readonly act: Act;
}

/** What most operations need drawn for them. */
export interface Drawn {
  readonly game: Game;
  readonly by: Caller;
  readonly creatorId: string;
  /** Now and then one that is taken. */
  readonly reference: string;
  /** Above zero. */
  readonly amount: string;
  readonly run: PayoutRun | undefined;
  readonly runId: string;
  pick<Value>(values: readonly [Value, ...Value[]]): Value;
}

export type Draw = (drawn: Drawn) => Promise<Operation> | Operation;

export function randomOf(seed: number): Random {
  const next = randomFrom(seed, 0);
  return (below) => Math.floor(fraction(next()) * below);
}

/** A new program with creators who can be paid, with a policy drawn from its seed. */
export async function openGame(books: Books, slug: string, seed: number): Promise<Game> {
  const random = randomOf(seed);
  const game = { books, slug, programId: 0, currency: ['IDR', 'JPY', 'KWD'][seed % 3] ?? 'IDR', random, number: 0 };
  await applyPolicy(books.ledger, {
    program: slug,
    policy: randomPolicy(game),
    from: undefined,
    actor: actorOf('test'),
  });
  const creators = CREATORS.map((creatorId, index) => registered(creatorId, COUNTRIES[index % 3] ?? 'ID'));
  await importCreators(books.ledger, slug, creators);
  const { programId } = await programOf(books, slug);
  return { ...game, programId };
}

/** A policy that gives all revenue; the rest at random. */
export function randomPolicy({ slug, currency, random }: Pick<Game, 'slug' | 'currency' | 'random'>): Policy {
  const pick = <Value>(values: readonly [Value, ...Value[]]): Value => values[random(values.length)] ?? values[0];
  const minor = (units: bigint): string => money({ currency }, units);
  return testPolicy({
    program: slug,
    currency,
    revenueShare: '1',
    allocation: pick<Policy['allocation']>([
      { method: 'pro-rata' },
      { method: 'pro-rata', maxShare: '0.4' },
      { method: 'user-centric' },
      { method: 'equal' },
    ]),
    undistributed: pick(['rollover', 'return']),
    maxLatePeriods: 1 + random(2),
    payout: {
      minimum: minor(pick([0n, 2_000n])),
      roundTo: minor(pick([1n, 50n])),
      holdback: { share: pick(['0.25', '0', '1']), periods: 1 + random(3) },
      withholding: { ID: '0.1', BR: '0.075' },
    },
    approvals: pick([
      ['payouts'],
      ['payouts', 'returns', 'holds', 'payees'],
      ['payouts', 'adjustments'],
      ['payouts', 'adjustments'],
      [],
      ['payouts', 'adjustments', 'revenue', 'policy', 'close'],
    ]),
  });
}

/** @param taxCountry null: the creator cannot be paid yet */
export function registered(
  creatorId: string,
  taxCountry: string | null,
  account = `A-${creatorId}`,
): RegisteredCreator {
  const payee = `Payee of ${creatorId}`;
  return {
    ...{ creatorId, handle: null, country: 'ID', joinedOn: null, followers: 0, viewerIds: [] },
    ...{ taxCountry, payee, account },
  };
}

/** Minor units in major units. */
export function money({ currency }: Pick<Game, 'currency'>, units: bigint): string {
  return formatAmount(units, currencyOf(currency));
}
