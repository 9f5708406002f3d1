-- Who may do what: applied at every start, and in the transaction that makes functions again, so that new functions,
-- tables and views are covered too. Least privilege: services read, and change only through the functions that their
-- role is given here. None of them can insert, update or delete in any table; TRUNCATE, DDL, temporary tables and the
-- functions' internals are out of reach; PUBLIC has nothing.

DO $$
DECLARE
  strays text;
BEGIN
  -- What runs as its owner looks into this schema, and into that of temporary tables last of all.
  SELECT string_agg(format('ALTER ROUTINE %s SET search_path = rewardbook, pg_temp;', p.oid::regprocedure), ' ')
  INTO strays
  FROM pg_proc p WHERE p.pronamespace = 'rewardbook'::regnamespace AND p.prosecdef
   AND NOT coalesce(p.proconfig @> ARRAY['search_path=rewardbook, pg_temp'], false);
  EXECUTE coalesce(strays, '');
  -- All of it belongs to the owner's role, whoever made it.
  SELECT string_agg(format('ALTER ROUTINE %s OWNER TO rewardbook_owner;', p.oid::regprocedure), ' ') INTO strays
  FROM pg_proc p WHERE p.pronamespace = 'rewardbook'::regnamespace AND p.proowner <> 'rewardbook_owner'::regrole;
  EXECUTE coalesce(strays, '');
  SELECT string_agg(format('ALTER TABLE %s OWNER TO rewardbook_owner;', c.oid::regclass), ' ') INTO strays
  FROM pg_class c WHERE c.relnamespace = 'rewardbook'::regnamespace AND c.relowner <> 'rewardbook_owner'::regrole
   AND (c.relkind IN ('r', 'v', 'm', 'p') OR (c.relkind = 'S' AND NOT EXISTS (
         SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('a', 'i'))));
  EXECUTE coalesce(strays, '');
END $$;

REVOKE ALL ON SCHEMA rewardbook FROM PUBLIC, rewardbook_events, rewardbook_ledger, rewardbook_reports;
REVOKE ALL ON ALL TABLES IN SCHEMA rewardbook FROM PUBLIC, rewardbook_events, rewardbook_ledger, rewardbook_reports;
REVOKE ALL ON ALL SEQUENCES IN SCHEMA rewardbook FROM PUBLIC, rewardbook_events, rewardbook_ledger, rewardbook_reports;
REVOKE ALL ON ALL ROUTINES IN SCHEMA rewardbook FROM PUBLIC, rewardbook_events, rewardbook_ledger, rewardbook_reports;
GRANT USAGE ON SCHEMA rewardbook TO rewardbook_events, rewardbook_ledger, rewardbook_reports;

-- Every service that answers requests looks keys up by the hash of the key sent; none can list the hashes.
GRANT EXECUTE ON FUNCTION rewardbook.find_api_key TO rewardbook_events, rewardbook_ledger, rewardbook_reports;

-- engagement-events records events, and lists what it has recorded and refused.
GRANT SELECT ON rewardbook.program, rewardbook.event, rewardbook.ingest_batch, rewardbook.refused_event,
  rewardbook.rejected_second
  TO rewardbook_events;
GRANT EXECUTE ON ROUTINE
  rewardbook.refuse, rewardbook.reserve_batches, rewardbook.ingest_events, rewardbook.ingest_and_seal,
  rewardbook.seal_batches, rewardbook.record_refused
TO rewardbook_events;

-- The ledger reads all but secrets (of a key it sees what people see), and changes the books.
GRANT SELECT ON ALL TABLES IN SCHEMA rewardbook TO rewardbook_ledger;
REVOKE ALL ON rewardbook.close_secret, rewardbook.api_key, rewardbook.schema_migration, rewardbook.function_file
  FROM rewardbook_ledger;
GRANT SELECT (key_id, name, scopes, programs, created_at, created_by, expires_at, revoked_at, revoked_by)
  ON rewardbook.api_key TO rewardbook_ledger;
GRANT EXECUTE ON ROUTINE
  -- to read
  rewardbook.refuse, rewardbook.creators_at, rewardbook.encode_bytes, rewardbook.encode_id, rewardbook.payable_account,
  rewardbook.postings_between, rewardbook.postings_after, rewardbook.last_creator, rewardbook.balances_between,
  rewardbook.balance_of, rewardbook.round_half_even, rewardbook.close_inputs, rewardbook.in_part,
  rewardbook.seen_events, rewardbook.counting_attempts, rewardbook.blocked_before, rewardbook.judged_days,
  rewardbook.lockstep_windows, rewardbook.holds_in_force, rewardbook.policy_at, rewardbook.tax_due,
  rewardbook.is_reversed, rewardbook.taxed_before, rewardbook.current_imports, rewardbook.book_lines,
  rewardbook.given_by_parts, rewardbook.given_to, rewardbook.compared, rewardbook.listed_differences,
  rewardbook.reconciliation_state,
  -- programs, creators, events
  rewardbook.apply_policy, rewardbook.begin_creator_import, rewardbook.stage_creators, rewardbook.commit_creator_import,
  rewardbook.seal_left_behind, rewardbook.tally_batches, rewardbook.roll_balances,
  rewardbook.keep_order,
  -- closes
  rewardbook.book_revenue, rewardbook.begin_close, rewardbook.begin_attempt, rewardbook.note_phase,
  rewardbook.end_attempt,
  rewardbook.fold_events, rewardbook.read_pairs, rewardbook.count_follows_before, rewardbook.stage_lockstep,
  rewardbook.stage_allocations, rewardbook.stage_commissions,
  rewardbook.fix_close_secret, rewardbook.close_secret_of, rewardbook.commit_close,
  rewardbook.note_failure, rewardbook.check_close, rewardbook.cancel_close, rewardbook.sweep_attempts,
  rewardbook.post_holdbacks,
  -- payouts
  rewardbook.draft_run, rewardbook.approve_run, rewardbook.discard_run, rewardbook.export_run, rewardbook.settle_run,
  rewardbook.return_payout, rewardbook.remit_tax, rewardbook.set_hold, rewardbook.post_adjustment,
  rewardbook.reverse_entry, rewardbook.book_cash, rewardbook.import_statement, rewardbook.explain_difference,
  rewardbook.mark_reconciled,
  -- verifications
  rewardbook.begin_verify_run, rewardbook.note_verify_run, rewardbook.end_verify_run, rewardbook.cancel_verify_run,
  rewardbook.sweep_verify_runs,
  -- people
  rewardbook.request_approval, rewardbook.decide_request, rewardbook.finish_request, rewardbook.change_details,
  rewardbook.create_api_key, rewardbook.revoke_api_key, rewardbook.append_audit, rewardbook.append_audit_outcome
TO rewardbook_ledger;

-- payout-reports reads what it reports, and logs who asked.
GRANT SELECT ON
  rewardbook.program, rewardbook.program_head, rewardbook.policy_version, rewardbook.creator, rewardbook.close,
  rewardbook.revenue, rewardbook.event, rewardbook.ingest_batch, rewardbook.tally, rewardbook.engagement,
  rewardbook.exclusion, rewardbook.allocation, rewardbook.lockstep_group, rewardbook.commission,
  rewardbook.journal_entry,
  rewardbook.posting_line, rewardbook.posting_sheet, rewardbook.posting, rewardbook.balance_checkpoint,
  rewardbook.unrolled_entry, rewardbook.unrolled_line, rewardbook.unrolled_sheet, rewardbook.account_balance,
  rewardbook.payable_balance, rewardbook.holdback, rewardbook.holdback_clawback, rewardbook.close_holdback,
  rewardbook.creator_hold, rewardbook.payout_run, rewardbook.payout, rewardbook.payout_decision,
  rewardbook.payout_return, rewardbook.tax_remittance
TO rewardbook_reports;
GRANT EXECUTE ON ROUTINE
  rewardbook.refuse, rewardbook.creators_at, rewardbook.encode_bytes, rewardbook.encode_id, rewardbook.payable_account,
  rewardbook.postings_between, rewardbook.postings_after, rewardbook.last_creator, rewardbook.balances_between,
  rewardbook.balance_of, rewardbook.round_half_even, rewardbook.holds_in_force, rewardbook.policy_at,
  rewardbook.is_reversed, rewardbook.taxed_before, rewardbook.allocated_to, rewardbook.given_by_parts,
  rewardbook.given_by_kind,
  rewardbook.given_to,
  rewardbook.append_audit, rewardbook.append_audit_outcome
TO rewardbook_reports;
