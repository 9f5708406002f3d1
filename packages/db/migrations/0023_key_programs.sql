-- Programs that a key is for, by slug, which never changes; null: all. One that is bound sees and changes those alone.
ALTER TABLE api_key ADD COLUMN programs text[] COLLATE "C"
  CONSTRAINT bound_to_some CHECK (cardinality(programs) > 0 AND array_position(programs, NULL) IS NULL);
