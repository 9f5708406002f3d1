-- Least privilege: the services read everything and change only through the functions above. They cannot insert, update or
-- delete in the journal, in balances or in events; TRUNCATE, DDL and the functions' internals are out of reach too.
DO $$ BEGIN
  CREATE ROLE rewardbook_service NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$;
REVOKE ALL ON ALL ROUTINES IN SCHEMA rewardbook FROM PUBLIC;
GRANT USAGE ON SCHEMA rewardbook TO rewardbook_service;
GRANT SELECT ON ALL TABLES IN SCHEMA rewardbook TO rewardbook_service;
GRANT EXECUTE ON ROUTINE
  refuse, apply_policy, begin_creator_import, stage_creators, creators_at, commit_creator_import,
  reserve_batches, ingest_events, ingest_and_seal, seal_batches, seal_left_behind, record_refused, tally_batches,
  encode_bytes, encode_id, payable_account, postings_between, postings_after, last_creator, balances_between, balance_of, roll_balances,
  book_revenue, close_inputs, begin_close, begin_fold, end_attempt, stage_allocations, commit_close,
  note_failure, sweep_attempts, round_half_even, in_part, seen_events, counting_folds, judged_days, fold_events
TO rewardbook_service;
