-- Drops every trigger, view, function and procedure of the schema, but none of an extension, in the transaction that
-- makes those of this build. Without CASCADE: where something outside of the schema was built on one of them, this
-- fails and names it.

DO $$
DECLARE
  statement text;
BEGIN
  -- Whatever changes the books, or writes for a close, locks rows of one of these: such calls end first, and others
  -- wait for the new text.
  IF to_regclass('rewardbook.program_head') IS NOT NULL THEN
    LOCK TABLE rewardbook.program_head, rewardbook.close_attempt IN EXCLUSIVE MODE;
  END IF;
  FOR statement IN
    WITH own_view AS (
      SELECT c.oid, c.reltype FROM pg_class c
      WHERE c.relnamespace = 'rewardbook'::regnamespace AND c.relkind = 'v' AND NOT EXISTS (
        SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
    ), own_routine AS (
      SELECT p.oid, EXISTS (
               SELECT 1 FROM pg_depend d JOIN own_view v ON d.refobjid IN (v.oid, v.reltype)
               WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid) AS uses_view
      FROM pg_proc p
      WHERE p.pronamespace = 'rewardbook'::regnamespace AND NOT EXISTS (
        SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
    )
    SELECT s.drops FROM (
      SELECT 1, format('DROP TRIGGER %I ON %s', t.tgname, t.tgrelid::regclass)
      FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
      WHERE c.relnamespace = 'rewardbook'::regnamespace AND NOT t.tgisinternal
      UNION ALL
      -- A function that returns a view's rows goes before the view, one that a view calls after it.
      SELECT 2, 'DROP ROUTINE ' || string_agg(r.oid::regprocedure::text, ', ') FROM own_routine r WHERE r.uses_view
      UNION ALL
      SELECT 3, 'DROP VIEW ' || string_agg(v.oid::regclass::text, ', ') FROM own_view v
      UNION ALL
      SELECT 4, 'DROP ROUTINE ' || string_agg(r.oid::regprocedure::text, ', ') FROM own_routine r WHERE NOT r.uses_view
    ) AS s (step, drops) WHERE s.drops IS NOT NULL ORDER BY s.step
  LOOP
    EXECUTE statement;
  END LOOP;
END $$;
