import type { EngagementEvent, EventType } from '@rewardbook/domain/events/event';
import { nextPeriod, periodBounds } from '@rewardbook/domain/values/period';
import { parseAmount } from '@rewardbook/money/amount';
import { currencyOf } from '@rewardbook/money/currency';
import { adjust, bookCash, reverse } from '../adjustments/adjust.ts';
import { doOrAsk } from '../approvals/gate.ts';
import { planBeginClose } from '../close/begin-close.ts';
import { closePeriod } from '../close/close-period.ts';
import { importCreatorsOrAsk } from '../creators/import-creators.ts';
import { decide } from '../decisions/decide.ts';
import { setHold } from '../holds/set-hold.ts';
import { remit } from '../payouts/payout-runs.ts';
import { applyPolicyOrAsk } from '../programs/apply-policy.ts';
import { planRevenue } from '../revenue/book-revenue.ts';
import { ingest } from './books.ts';
import { COUNTRIES, CREATORS, type Drawn, type Game, money, type Operation, randomPolicy, registered } from './game.ts';

const FIRST_PERIOD = '2020-01';
const VIEWERS = 6;
const CONTENTS = 3;

export function remittance({ game: { slug, random }, by, runId, reference, pick }: Drawn): Operation {
  const country = pick(COUNTRIES);
  const run = random(2) === 0 ? runId : undefined;
  const act: Operation['act'] = (ledger) => remit(ledger, slug, { country, run, reference }, by);
  return { name: `remit ${country} ${run ?? ''}`, act };
}

export async function adjustment(drawn: Drawn): Promise<Operation> {
  const { game, by, reference, pick } = drawn;
  const kind = pick(['adjustment', 'clawback', 'clawback', 'write-off', 'unclaimed'] as const);
  const aimed = kind === 'write-off' ? await debt(game) : kind === 'clawback' ? await partOfHeld(game) : undefined;
  const { creatorId, amount } = aimed ?? drawn;
  const signed = kind === 'adjustment' && game.random(2) === 0 ? `-${amount}` : amount;
  const body = { kind, creatorId, amount: signed, reason: 'r', reference };
  return { name: `${kind} ${creatorId} ${signed}`, act: (ledger) => adjust(ledger, game.slug, body, by) };
}

/** What a creator owes beyond what is held: only that can be written off. */
export async function debt({
  books,
  programId,
}: Pick<Game, 'books' | 'programId'>): Promise<{ creatorId: string; amount: string } | undefined> {
  const [row] = await books.owner<{ creatorId: string; amount: string }[]>`
    SELECT creator_id AS "creatorId", sum(debit - credit)::text AS amount FROM account_balance
    WHERE program_id = ${programId} AND creator_id <> '' GROUP BY creator_id HAVING sum(debit) > sum(credit)
    ORDER BY creator_id LIMIT 1`;
  return row;
}

/** All that is payable to a creator, and a part of what is held; undefined where nothing is, and now and then. */
export async function partOfHeld(
  game: Pick<Game, 'books' | 'programId' | 'random' | 'currency'>,
): Promise<{ creatorId: string; amount: string } | undefined> {
  const { books, programId, random } = game;
  const rows = await books.owner<{ creatorId: string; held: string; payable: string }[]>`
    SELECT h.creator_id AS "creatorId", sum(h.kept)::text AS held, max(greatest(b.amount, 0))::text AS payable
    FROM holdback h JOIN payable_balance b USING (program_id, creator_id)
    WHERE h.program_id = ${programId} AND h.kept > 0 GROUP BY h.creator_id ORDER BY h.creator_id`;
  const row = random(4) === 0 ? undefined : rows[random(rows.length || 1)];
  if (row === undefined) {
    return undefined;
  }
  const [held, payable] = [row.held, row.payable].map((text) => parseAmount(text, currencyOf(game.currency)));
  return {
    creatorId: row.creatorId,
    amount: money(game, (payable ?? 0n) + 1n + ((held ?? 0n) * BigInt(random(100))) / 100n),
  };
}

export async function reversal({ game, by }: Drawn): Promise<Operation> {
  const entries = await game.books.owner<{ key: string }[]>`
    SELECT entry_key AS key FROM journal_entry WHERE program_id = ${game.programId} ORDER BY seq`;
  const entryKey = entries[game.random(entries.length || 1)]?.key ?? 'none';
  return { name: `reverse ${entryKey}`, act: (ledger) => reverse(ledger, game.slug, { entryKey, reason: 'r' }, by) };
}

export function hold({ game: { slug, random }, by, creatorId, pick }: Drawn): Operation {
  const action = random(3) === 0 ? 'place' : 'lift';
  const body = { creatorId, action, reason: pick(['returned', 'fraud']) } as const;
  return { name: `${action} ${creatorId}`, act: (ledger) => setHold(ledger, slug, body, by) };
}

export async function decision({ game, by }: Drawn): Promise<Operation> {
  const requests = await game.books.owner<{ n: number; pending: boolean }[]>`
    SELECT request_no AS n, status = 'pending' AS pending FROM approval_request
    WHERE program_id = ${game.programId} ORDER BY request_no`;
  const pending = requests.filter((request) => request.pending);
  const among = pending.length > 0 && game.random(4) > 0 ? pending : requests;
  const request = among[game.random(among.length || 1)]?.n ?? 1;
  const isApproved = game.random(4) > 0;
  return { name: `decide ${request}`, act: (ledger) => decide(ledger, game.slug, request, { isApproved }, by) };
}

export function cash({ game: { slug }, by, amount, reference, pick }: Drawn): Operation {
  const kind = pick(['receipt', 'funding'] as const);
  return { name: kind, act: (ledger) => bookCash(ledger, slug, { kind, amount, reference }, by) };
}

/** Engagements of the period that closes next, or the one before; some events are sent again, or with other contents. */
export async function events({ game }: Drawn): Promise<Operation> {
  const { random, programId } = game;
  const { period } = await nextClose(game);
  const { start, end } = periodBounds(period, 'UTC');
  const batch = Array.from({ length: 1 + random(12) }, (_, index): EngagementEvent => {
    const type = (['like', 'like', 'follow', 'unlike', 'unfollow'] as const)[random(5)] ?? 'like';
    return {
      id: random(8) === 0 ? `${random(game.number)}-0` : `${game.number}-${index}`,
      source: 'default',
      type,
      viewerId: `v${random(VIEWERS)}`,
      creatorId: random(12) === 0 ? 'stranger' : (CREATORS[random(CREATORS.length)] ?? 'a'),
      contentId: isLike(type) ? `${period}-${random(CONTENTS)}` : '',
      occurredAt: start - (random(6) === 0 ? end - start : 0) + random(end - start),
    };
  });
  const act: Operation['act'] = ({ sql }) => ingest(sql, programId, uniqueIds(batch));
  return { name: `${batch.length} events`, act };
}

/** Revenue of the period that closes next, negative too; or a correction of what was booked for one before. */
export async function revenue({ game, by, amount, reference }: Drawn): Promise<Operation> {
  const { books, programId, random, slug } = game;
  const { period } = await nextClose(game);
  const booked = await books.owner<{ key: string }[]>`
    SELECT entry_key AS key FROM revenue WHERE program_id = ${programId} ORDER BY entry_key COLLATE "C"`;
  const corrected = random(2) === 0 ? booked[random(booked.length || 1)]?.key : undefined;
  const body = {
    period,
    amount: random(3) === 0 ? `-${amount}` : amount,
    reference,
    ...(corrected === undefined ? {} : { corrects: corrected }),
  };
  const name = `revenue ${body.amount} for ${period}${corrected === undefined ? '' : `, correcting ${corrected}`}`;
  return { name, act: async (ledger) => doOrAsk(ledger, await planRevenue(ledger, slug, body, by)) };
}

/** Books the period's own revenue, begins its close and does it; one that was begun is only done. */
export async function close({ game, by }: Drawn): Promise<Operation> {
  const { slug } = game;
  const { period, isBegun } = await nextClose(game);
  const amount = money(game, BigInt(100_000 + 7_001 * Number(period.slice(-2))));
  const act: Operation['act'] = async (ledger) => {
    if (!isBegun) {
      const body = { period, amount, reference: `ads-${period}` };
      await doOrAsk(ledger, await planRevenue(ledger, slug, body, by));
      const begun = await doOrAsk(ledger, await planBeginClose(ledger, slug, period, by.actor));
      if (!begun.done) {
        return;
      }
    }
    await closePeriod(ledger, { program: slug, period });
  };
  return { name: `close ${period}`, act };
}

/** From now on, or from a period that is still to come. */
export async function policy({ game, by: { actor } }: Drawn): Promise<Operation> {
  const { period } = await nextClose(game);
  const from = game.number % 2 === 0 ? undefined : nextPeriod(period);
  const applied = { program: game.slug, policy: randomPolicy(game), from, actor };
  return { name: 'policy', act: (ledger) => applyPolicyOrAsk(ledger, applied) };
}

export function registration({ game, by: { actor }, creatorId, pick }: Drawn): Operation {
  const creator = registered(creatorId, pick([...COUNTRIES, null]), `A-${game.random(3)}`);
  return { name: `register ${creatorId}`, act: (ledger) => importCreatorsOrAsk(ledger, game.slug, [creator], actor) };
}

/** The period that was begun and is not closed, else the one after the last closed. */
async function nextClose({ books, programId }: Game): Promise<{ period: string; isBegun: boolean }> {
  const [last] = await books.owner<{ period: string; status: string }[]>`
    SELECT period, status FROM close WHERE program_id = ${programId} ORDER BY close_no DESC LIMIT 1`;
  if (last?.status === 'closing') {
    return { period: last.period, isBegun: true };
  }
  return { period: last === undefined ? FIRST_PERIOD : nextPeriod(last.period), isBegun: false };
}

function isLike(type: EventType): boolean {
  return type === 'like' || type === 'unlike';
}

/** Within one batch the ingest service takes care of this. */
function uniqueIds(batch: readonly EngagementEvent[]): EngagementEvent[] {
  return [...new Map(batch.map((event) => [`${event.viewerId} ${event.id}`, event])).values()];
}
