import type { Program } from '@rewardbook/db/books/program';
import { parseAmount } from '@rewardbook/money/amount';
import { parseScaled } from '@rewardbook/money/decimal';
import { expect } from 'vitest';
import type { Books } from './books.ts';
import { Model, type ModelClose, type ModelEntry, type ModelRun } from './model.ts';

interface EntryRow {
  readonly seq: number;
  readonly key: string;
  readonly kind: string;
  readonly reverses: string | null;
  readonly details: string;
  readonly lines: readonly { creatorId: string; account: string; amount: string }[];
}

/** Lets the model take every entry as it comes, and compares what both have of each creator after each step. */
export function watchModel({ owner }: Books, { programId, currency }: Program) {
  const model = new Model();
  let last = 0;
  const minor = (text: string): bigint => parseAmount(text, currency);
  const millionths = (rate: string): bigint => parseScaled(rate, 6);

  async function closeOf(entryKey: string): Promise<ModelClose | undefined> {
    const [row] = await owner<{ period: string; share: string; periods: number }[]>`
      SELECT c.period, v.policy::jsonb #>> '{payout,holdback,share}' AS share, (v.policy::jsonb #>> '{payout,holdback,periods}')::integer AS periods
      FROM close c JOIN policy_version v ON v.program_id = c.program_id AND v.version = c.policy_version
      WHERE c.program_id = ${programId} AND c.entry_key = ${entryKey}`;
    return row && { ...row, share: millionths(row.share) };
  }

  async function runOf(entryKey: string): Promise<ModelRun | undefined> {
    const [run] = await owner<{ number: number; runId: string; draftedSeq: number; terms: string }[]>`
      SELECT r.run_no AS number, r.run_id AS "runId", r.drafted_seq::float8 AS "draftedSeq", v.policy::jsonb ->> 'payout' AS terms
      FROM payout_run r JOIN policy_version v ON v.program_id = r.program_id AND v.version = r.policy_version
      WHERE r.program_id = ${programId} AND r.entry_key = ${entryKey}`;
    if (run === undefined) {
      return undefined;
    }
    const { minimum, roundTo, withholding } = JSON.parse(run.terms);
    const rates = Object.entries<string>(withholding).map(([country, rate]) => [country, millionths(rate)] as const);
    const payouts = await owner<
      { number: number; creatorId: string; country: string; gross: string; withheld: string }[]
    >`
      SELECT payout_number AS number, creator_id AS "creatorId", tax_country AS country, gross::text, withheld::text
      FROM payout WHERE program_id = ${programId} AND run_no = ${run.number} AND status = 'due'`;
    return {
      runId: run.runId,
      draftedSeq: run.draftedSeq,
      minimum: minor(minimum),
      roundTo: minor(roundTo),
      rates: Object.fromEntries(rates),
      payouts: payouts.map(({ number, gross, withheld, ...payout }) => ({
        ...payout,
        payoutId: `${run.runId}-${number}`,
        gross: minor(gross),
        withheld: minor(withheld),
      })),
    };
  }

  function toEntry({ lines, details, ...row }: EntryRow): ModelEntry {
    return {
      ...row,
      details: JSON.parse(details),
      lines: lines.map((line) => ({ ...line, amount: minor(line.amount) })),
    };
  }

  return async function afterStep(what: string): Promise<void> {
    const rows = await owner<EntryRow[]>`
      SELECT e.seq::float8 AS seq, e.entry_key AS key, e.kind, e.reverses, e.details, (
        SELECT json_agg(json_build_object('creatorId', p.creator_id, 'account', p.account, 'amount', p.amount::text) ORDER BY p.line)
        FROM posting p WHERE p.program_id = e.program_id AND p.entry_id = e.entry_id) AS lines
      FROM journal_entry e WHERE e.program_id = ${programId} AND e.seq > ${last} ORDER BY e.seq`;
    for (const row of rows) {
      const close = row.kind === 'close' ? await closeOf(row.key) : undefined;
      const run = row.kind === 'payout' ? await runOf(row.key) : undefined;
      expect([what, row.key, model.take(toEntry(row), close, run)]).toEqual([what, row.key, undefined]);
      last = row.seq;
    }
    if (model.isPending) {
      return;
    }
    const found = await owner<{ creatorId: string; payable: string; kept: string[]; taxed: string }[]>`
      SELECT b.creator_id AS "creatorId", b.amount::text AS payable, coalesce(t.amount, 0)::text AS taxed,
             ARRAY(SELECT h.kept::text FROM holdback h WHERE h.program_id = ${programId} AND h.creator_id = b.creator_id ORDER BY h.close_no) AS kept
      FROM payable_balance b LEFT JOIN taxed_before(${programId}) t ON t.creator_id = b.creator_id
      WHERE b.program_id = ${programId}`;
    const inBooks = found.map(({ creatorId, payable, taxed, kept }) =>
      [creatorId, minor(payable), minor(taxed), ...kept.map(minor)].join(' '),
    );
    const inModel = [...model.creators].map(([creatorId, { payable, taxed, holdbacks }]) =>
      [creatorId, payable, taxed, ...holdbacks.map(({ kept }) => kept)].join(' '),
    );
    expect([what, inBooks.sort()]).toEqual([what, inModel.filter((line) => !line.startsWith(' ')).sort()]);
  };
}
