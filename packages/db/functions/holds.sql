-- Creators who are not to be paid for now.

-- Reasons for which creators are on hold now.
CREATE FUNCTION holds_in_force(p_program integer)
RETURNS TABLE (creator_id text, hold_no bigint, reason text, note text, actor text, at timestamptz)
LANGUAGE sql STABLE SET search_path = rewardbook, pg_temp AS $$
  SELECT h.creator_id, h.hold_no, h.reason, h.note, h.actor, h.at FROM (
    SELECT DISTINCT ON (c.creator_id, c.reason) c.* FROM creator_hold c
    WHERE c.program_id = p_program ORDER BY c.creator_id, c.reason, c.hold_no DESC
  ) AS h WHERE h.action = 'placed';
$$;

CREATE FUNCTION assert_creator(p_program integer, p_creator text) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = rewardbook, pg_temp AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM creator c WHERE c.program_id = p_program AND c.creator_id = p_creator)
     AND NOT EXISTS (SELECT 1 FROM postings_between(p_program, p_creator, p_creator)) THEN
    PERFORM refuse('creator-unknown', format('Creator %s is neither registered nor in the books.', p_creator));
  END IF;
END $$;

-- Places or lifts a hold; false if it is already placed or lifted. Lifting can need a second person, who approves it
-- for this hold alone: a hold placed later needs another approval.
CREATE FUNCTION set_hold(
  p_program integer, p_creator text, p_action text, p_reason text, p_note text, p_key_hash text
) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = rewardbook, pg_temp AS $$
DECLARE
  p_actor   text := CASE WHEN p_action = 'placed' OR p_key_hash IS NOT NULL
                         THEN actor_of(p_key_hash, 'operate', p_program) END;
  placed_no bigint;
BEGIN
  PERFORM 1 FROM program_head WHERE program_id = p_program FOR UPDATE;
  PERFORM assert_creator(p_program, p_creator);
  SELECT h.hold_no INTO placed_no FROM holds_in_force(p_program) h
  WHERE h.creator_id = p_creator AND h.reason = p_reason;
  IF (placed_no IS NOT NULL) = (p_action = 'placed') THEN
    RETURN false;
  END IF;
  IF p_action = 'lifted' THEN
    p_actor := doer(p_actor, assert_approved(p_program, 'holds', 'hold', 'hold-lifted:' || placed_no,
      jsonb_build_object('hold', placed_no, 'creatorId', p_creator, 'reason', p_reason, 'note', p_note)));
  END IF;
  INSERT INTO creator_hold (program_id, creator_id, action, reason, note, actor)
  VALUES (p_program, p_creator, p_action, p_reason, p_note, p_actor);
  RETURN true;
END $$;
