-- Work on many people, done in steps: a step is one batch, and the place tells how far the steps have come. What a job does is told by its kind and spec.
-- Deleting the admin leaves the job, which then stops, and what it did can still be read.
CREATE TABLE jobs (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  admin_id TEXT NOT NULL,
  ip TEXT,
  kind TEXT NOT NULL,
  spec TEXT NOT NULL CHECK (json_valid(spec)),
  total INTEGER NOT NULL CHECK (total >= 0),
  done INTEGER NOT NULL DEFAULT 0 CHECK (done >= 0),
  left_out INTEGER NOT NULL DEFAULT 0 CHECK (left_out >= 0),
  place TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL DEFAULT 'queued',
  attempts INTEGER NOT NULL DEFAULT 0,
  leased_until INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  finished_at INTEGER,
  CHECK ((state = 'queued') = (finished_at IS NULL))
) STRICT, WITHOUT ROWID;

CREATE INDEX jobs_queued ON jobs (leased_until) WHERE state = 'queued';
CREATE INDEX jobs_by_tenant ON jobs (tenant_id, created_at);
