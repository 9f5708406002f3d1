-- API keys that people manage.

-- A name is in its canonical form, `canonicalName` of packages/domain, which is where it is brought into it: NFKC, case
-- folded, blanks single and none around it, and nothing that is not seen. What of this can be said in SQL is checked
-- here again.
CREATE TABLE api_key (
  key_id     bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name       text NOT NULL,
  key_hash   bytea NOT NULL UNIQUE,
  scopes     text[] NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text,   -- name of the key that made it; null: made by the owner's connection
  -- the owner's key at the beginning of those that made it; null: it is one itself
  root_key   bigint REFERENCES api_key,
  expires_at timestamptz,
  revoked_at timestamptz,
  revoked_by text,
  CONSTRAINT canonical_name CHECK (
    name = normalize(name, NFKC) AND name = btrim(name) AND name = lower(name COLLATE "C") AND name <> ''
    AND name !~ '[\u00AD\u034F\u0600-\u0605\u061C\u06DD\u070F\u0890-\u0891\u08E2\u115F-\u1160\u17B4-\u17B5]'
    AND name !~ '[\u180B-\u180F\u200B-\u200F\u202A-\u202E\u2060-\u206F\u2800\u3164\uFE00-\uFE0F]'
    AND name !~ '[\uFEFF\uFFA0\uFFF0-\uFFFB]'
    AND name !~ '[\U000110BD\U000110CD\U00013430-\U0001343F\U0001BCA0-\U0001BCA3\U0001D173-\U0001D17A]'
    AND name !~ '[\U000E0000-\U000E0FFF]')
);
