-- The secrets of closes, for the ledger alone.

-- The secret of a close that is under way, made by the first call: every attempt comes to the same tree, and posts the
-- same entry.
CREATE FUNCTION fix_close_secret(p_program integer, p_period text) RETURNS text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  fixed_secret text;
BEGIN
  -- gen_random_uuid() is the server's strong random source: three of them have 366 random bits.
  INSERT INTO close_secret (program_id, period, secret)
  SELECT c.program_id, c.period,
         encode(sha256(convert_to(
           gen_random_uuid()::text || gen_random_uuid()::text || gen_random_uuid()::text, 'UTF8')), 'hex')
  FROM close c WHERE c.program_id = p_program AND c.period = p_period AND c.status = 'closing'
  ON CONFLICT (program_id, period) DO NOTHING;
  SELECT s.secret INTO fixed_secret FROM close_secret s WHERE s.program_id = p_program AND s.period = p_period;
  IF fixed_secret IS NULL THEN
    RAISE EXCEPTION 'fix_close_secret: no close of % is under way', p_period;
  END IF;
  RETURN fixed_secret;
END $$;

-- The secret of a close, or null where it has none: closed before there were proofs.
CREATE FUNCTION close_secret_of(p_program integer, p_period text) RETURNS text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
  SELECT secret FROM close_secret WHERE program_id = p_program AND period = p_period;
$$;
