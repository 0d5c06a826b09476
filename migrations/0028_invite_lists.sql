-- A list of people to invite: the draft that its admin reviews, and once it is sent the report. The job that sends it has the same id.
CREATE TABLE invite_drafts (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  admin_id TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  settings TEXT NOT NULL CHECK (json_valid(settings)),
  later INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  sent_at INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX invite_drafts_by_admin ON invite_drafts (tenant_id, admin_id, created_at);
CREATE INDEX invite_drafts_by_age ON invite_drafts (created_at);

-- A row as it came, in its cells, and what they were read as. Version is that of the draft when the row was last changed. The outcome is empty until
-- a step of the job has decided it, which leaves its nonce on the rows and their place among them.
CREATE TABLE invite_rows (
  draft_id TEXT NOT NULL REFERENCES invite_drafts (id) ON DELETE CASCADE,
  n INTEGER NOT NULL,
  cells TEXT NOT NULL CHECK (json_valid(cells)),
  email TEXT,
  email_key TEXT,
  name TEXT,
  own TEXT CHECK (own IS NULL OR json_valid(own)),
  search_key TEXT NOT NULL DEFAULT '',
  problem TEXT,
  detail TEXT,
  choice TEXT NOT NULL DEFAULT 'send',
  version INTEGER NOT NULL DEFAULT 1,
  outcome TEXT,
  retry_at INTEGER,
  member_id TEXT,
  mail_id TEXT,
  place INTEGER,
  write_nonce TEXT,
  PRIMARY KEY (draft_id, n),
  CHECK (email_key IS NOT NULL OR problem IS NOT NULL)
) STRICT, WITHOUT ROWID;
