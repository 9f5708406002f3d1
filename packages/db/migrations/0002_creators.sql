-- The registry of creators, and its import.

-- Every version of a registered creator: a close uses the registry as it was when the close began.
CREATE TABLE creator (
  program_id  integer NOT NULL,
  creator_id  text COLLATE "C" NOT NULL,
  version     integer NOT NULL,
  handle      text,
  country     text,
  joined_on   date,
  followers   bigint NOT NULL DEFAULT 0 CHECK (followers >= 0),
  viewer_ids  text[] COLLATE "C" NOT NULL DEFAULT '{}',
  tax_country text,
  payee       text,
  account     text,
  PRIMARY KEY (program_id, creator_id, version)
);

-- Rows of an import that is still arriving; the commit moves what differs into `creator`.
CREATE TABLE creator_import (
  import_id  bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  program_id integer NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE TABLE creator_import_row (
  import_id   bigint NOT NULL REFERENCES creator_import ON DELETE CASCADE,
  line        integer NOT NULL,
  creator_id  text COLLATE "C" NOT NULL,
  handle      text,
  country     text,
  joined_on   date,
  followers   bigint NOT NULL,
  viewer_ids  text[] COLLATE "C" NOT NULL,
  tax_country text,
  payee       text,
  account     text,
  PRIMARY KEY (import_id, line)
);
