import type { Sql } from '@rewardbook/db/client';

/** What an upgrade leaves unchanged: hashes of entries, results and runs, and balances. */
export interface Facts {
  readonly journals: readonly { readonly program: string; readonly seq: number; readonly hash: string }[];
  readonly closes: readonly { readonly program: string; readonly period: string; readonly resultHash: string | null }[];
  readonly runs: readonly {
    readonly program: string;
    readonly run: string;
    readonly status: string;
    readonly contentHash: string;
  }[];
  readonly balances: readonly { readonly program: string; readonly hash: string }[];
}

export async function readFacts(sql: Sql): Promise<Facts> {
  return {
    journals: await sql<Facts['journals'][number][]>`
      SELECT slug AS program, seq::integer AS seq, hash FROM program_head JOIN program USING (program_id) ORDER BY slug`,
    closes: await sql<Facts['closes'][number][]>`
      SELECT slug AS program, period, result_hash AS "resultHash" FROM close JOIN program USING (program_id) ORDER BY slug, close_no`,
    runs: await sql<Facts['runs'][number][]>`
      SELECT slug AS program, run_id AS run, status, content_hash AS "contentHash"
      FROM payout_run JOIN program USING (program_id) ORDER BY slug, run_no`,
    balances: await sql<Facts['balances'][number][]>`
      SELECT slug AS program,
             encode(sha256(convert_to(string_agg(concat_ws(' ', account, debit, credit), E'\\n' ORDER BY account COLLATE "C"), 'UTF8')), 'hex')
               AS hash
      FROM account_balance JOIN program USING (program_id) GROUP BY slug ORDER BY slug`,
  };
}
