-- A person in one workspace, from the invitation on, and linked to a user exactly when they are no longer pending.
-- A session that began before valid_from does not enter here.
CREATE TABLE members (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  user_id TEXT REFERENCES users (id),
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  role TEXT NOT NULL,
  status TEXT NOT NULL,
  agent_mode TEXT NOT NULL,
  notices TEXT NOT NULL DEFAULT 'each',
  created_at INTEGER NOT NULL,
  joined_at INTEGER,
  last_active_at INTEGER,
  valid_from INTEGER NOT NULL DEFAULT 0,
  CHECK ((status = 'pending') = (user_id IS NULL)),
  CHECK ((status = 'pending') = (joined_at IS NULL)),
  UNIQUE (tenant_id, id)
) STRICT;

CREATE UNIQUE INDEX one_member_per_address ON members (tenant_id, email_key);
CREATE UNIQUE INDEX one_member_per_user ON members (user_id, tenant_id) WHERE user_id IS NOT NULL;
CREATE INDEX members_by_status ON members (tenant_id, status, email_key);
CREATE INDEX members_by_role ON members (tenant_id, role, email_key);
-- What somebody belongs to is looked up by address where they are not signed in.
CREATE INDEX members_by_address ON members (email_key);

-- Which sessions have entered a workspace, and when they were last there.
CREATE TABLE visits (
  session_id TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
  tenant_id TEXT NOT NULL,
  member_id TEXT NOT NULL,
  entered_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (session_id, tenant_id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES members (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX visits_by_member ON visits (tenant_id, member_id);

-- When somebody last ceased to belong to a workspace, for as long as a session from before can live.
CREATE TABLE departures (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  PRIMARY KEY (user_id, tenant_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX departures_by_time ON departures (at);
CREATE INDEX departures_by_tenant ON departures (tenant_id);
