CREATE TABLE tenants (
  id TEXT PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE CHECK (slug GLOB '[a-z0-9]*' AND slug NOT GLOB '*[^a-z0-9-]*' AND length(slug) <= 40),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  invitation_lifetime_ms INTEGER NOT NULL DEFAULT 259200000 CHECK (invitation_lifetime_ms BETWEEN 3600000 AND 2592000000),
  default_agent_mode TEXT NOT NULL DEFAULT 'all' CHECK (default_agent_mode IN ('all', 'list')),
  address_retention_ms INTEGER NOT NULL DEFAULT 7776000000 CHECK (address_retention_ms BETWEEN 86400000 AND 31536000000),
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE users (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL UNIQUE,
  name TEXT CHECK (length(name) BETWEEN 1 AND 80),
  password_hash TEXT NOT NULL CHECK (password_hash GLOB '$scrypt$*'),
  created_at INTEGER NOT NULL,
  password_changed_at INTEGER NOT NULL
) STRICT;

-- A person in one tenant, from the invitation on; linked to a user exactly when it is no longer pending.
CREATE TABLE members (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  user_id TEXT REFERENCES users (id),
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('admin', 'user')),
  status TEXT NOT NULL CHECK (status IN ('pending', 'active', 'disabled')),
  agent_mode TEXT NOT NULL CHECK (agent_mode IN ('all', 'list')),
  created_at INTEGER NOT NULL,
  joined_at INTEGER,
  last_active_at INTEGER,
  CHECK ((status = 'pending') = (user_id IS NULL)),
  CHECK ((status = 'pending') = (joined_at IS NULL)),
  UNIQUE (tenant_id, id)
) STRICT;

CREATE UNIQUE INDEX one_member_per_address ON members (tenant_id, email_key);
CREATE UNIQUE INDEX one_member_per_user ON members (user_id, tenant_id) WHERE user_id IS NOT NULL;
CREATE INDEX members_by_status ON members (tenant_id, status, email_key);
CREATE INDEX members_by_role ON members (tenant_id, role, email_key);
-- Joining several workspaces is looked up by address when somebody signs in.
CREATE INDEX members_by_address ON members (email_key);

-- An open invitation has a member; the closed ones outlive it, so that an old link can explain itself.
-- `claim` is the nonce of the one change that closed it: whatever else that change does selects by it.
CREATE TABLE invitations (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  member_id TEXT REFERENCES members (id) ON DELETE SET NULL,
  kind TEXT NOT NULL CHECK (kind IN ('invite', 'resend')),
  jti TEXT NOT NULL UNIQUE CHECK (length(jti) = 43),
  inviter_name TEXT NOT NULL,
  note TEXT CHECK (length(note) BETWEEN 1 AND 500),
  state TEXT NOT NULL CHECK (state IN ('open', 'accepted', 'superseded', 'cancelled', 'declined')),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL CHECK (expires_at > created_at),
  closed_at INTEGER,
  claim TEXT UNIQUE,
  CHECK ((state = 'open') = (closed_at IS NULL)),
  CHECK (state <> 'open' OR member_id IS NOT NULL),
  CHECK ((state = 'open') = (claim IS NULL))
) STRICT;

CREATE UNIQUE INDEX one_open_invitation ON invitations (member_id) WHERE state = 'open';
CREATE INDEX invitations_by_member ON invitations (member_id, created_at);
CREATE INDEX invitations_by_tenant ON invitations (tenant_id, created_at);

-- The Permission Matrix's first row; a section without a row is on.
CREATE TABLE section_defaults (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  section TEXT NOT NULL,
  access TEXT NOT NULL CHECK (access IN ('on', 'off')),
  PRIMARY KEY (tenant_id, section)
) STRICT;

CREATE TABLE section_urls (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  section TEXT NOT NULL,
  url TEXT NOT NULL,
  PRIMARY KEY (tenant_id, section)
) STRICT;

-- A section without a row follows the tenant's default.
CREATE TABLE member_sections (
  tenant_id TEXT NOT NULL,
  member_id TEXT NOT NULL,
  section TEXT NOT NULL,
  access TEXT NOT NULL CHECK (access IN ('on', 'off')),
  PRIMARY KEY (tenant_id, member_id, section),
  FOREIGN KEY (tenant_id, member_id) REFERENCES members (tenant_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE agents (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  description TEXT NOT NULL CHECK (length(description) <= 500),
  framework TEXT NOT NULL CHECK (length(framework) <= 80),
  deployment TEXT NOT NULL CHECK (length(deployment) <= 80),
  url TEXT,
  tags TEXT NOT NULL CHECK (json_type(tags) = 'array'),
  live INTEGER NOT NULL CHECK (live IN (0, 1)),
  created_at INTEGER NOT NULL,
  UNIQUE (tenant_id, id)
) STRICT;

CREATE INDEX agents_by_name ON agents (tenant_id, name, id);

CREATE TABLE member_agents (
  tenant_id TEXT NOT NULL,
  member_id TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, member_id, agent_id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES members (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, agent_id) REFERENCES agents (tenant_id, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX member_agents_by_agent ON member_agents (tenant_id, agent_id);

-- tenant_id is the workspace entered; NULL while somebody with an account proves it in order to join their first one.
CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  secret_hash TEXT NOT NULL UNIQUE CHECK (length(secret_hash) = 64),
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  tenant_id TEXT REFERENCES tenants (id) ON DELETE CASCADE,
  user_agent TEXT NOT NULL,
  ip TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX sessions_by_user ON sessions (user_id, tenant_id, last_seen_at);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE password_resets (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  jti TEXT NOT NULL UNIQUE CHECK (length(jti) = 43),
  state TEXT NOT NULL CHECK (state IN ('open', 'used', 'superseded')),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL CHECK (expires_at > created_at),
  closed_at INTEGER,
  claim TEXT UNIQUE,
  CHECK ((state = 'open') = (closed_at IS NULL)),
  CHECK ((state = 'open') = (claim IS NULL))
) STRICT;

CREATE UNIQUE INDEX one_open_reset ON password_resets (user_id) WHERE state = 'open';
CREATE INDEX password_resets_by_user ON password_resets (user_id, created_at);

-- The outbox. A mail holds no link: the link is signed from the invitation or reset when the mail is sent.
CREATE TABLE mails (
  id TEXT PRIMARY KEY,
  tenant_id TEXT REFERENCES tenants (id) ON DELETE CASCADE,
  member_id TEXT REFERENCES members (id) ON DELETE SET NULL,
  kind TEXT NOT NULL CHECK (kind IN ('invitation', 'fresh_invitation', 'password_reset', 'password_changed')),
  to_email TEXT NOT NULL,
  to_key TEXT NOT NULL,
  invitation_id TEXT REFERENCES invitations (id) ON DELETE CASCADE,
  password_reset_id TEXT REFERENCES password_resets (id) ON DELETE CASCADE,
  state TEXT NOT NULL DEFAULT 'queued'
    CHECK (state IN ('queued', 'sent', 'delivered', 'deferred', 'bounced', 'complained', 'dropped', 'failed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  leased_until INTEGER NOT NULL DEFAULT 0,
  provider_id TEXT,
  reason TEXT,
  created_at INTEGER NOT NULL,
  sent_at INTEGER,
  CHECK ((kind IN ('invitation', 'fresh_invitation')) = (invitation_id IS NOT NULL)),
  CHECK ((kind = 'password_reset') = (password_reset_id IS NOT NULL))
) STRICT;

CREATE INDEX mails_queued ON mails (leased_until) WHERE state = 'queued';
CREATE INDEX mails_by_member ON mails (member_id, created_at);
CREATE INDEX mails_by_tenant ON mails (tenant_id, created_at);
CREATE INDEX mails_by_address ON mails (to_key, created_at);
CREATE INDEX mails_by_invitation ON mails (invitation_id);
CREATE INDEX mails_by_reset ON mails (password_reset_id);

CREATE TABLE throttles (
  key TEXT PRIMARY KEY,
  hits INTEGER NOT NULL,
  blocked_until INTEGER NOT NULL,
  resets_at INTEGER NOT NULL
) STRICT;

CREATE INDEX throttles_by_reset ON throttles (resets_at);

-- Who did what to whom. Names and addresses are snapshots, so that an entry outlives the people in it.
CREATE TABLE activity (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  actor_id TEXT,
  actor_name TEXT,
  member_id TEXT,
  member_email TEXT,
  before TEXT,
  after TEXT,
  ip TEXT
) STRICT;

CREATE INDEX activity_by_time ON activity (tenant_id, at, id);
CREATE INDEX activity_by_kind ON activity (tenant_id, kind, at, id);
CREATE INDEX activity_by_member ON activity (tenant_id, member_id, at, id);
CREATE INDEX activity_by_actor ON activity (tenant_id, actor_id, at, id);

CREATE INDEX activity_addresses ON activity (tenant_id, at) WHERE member_email IS NOT NULL;

-- Insert-only: the one change allowed is to forget the address of somebody who never joined.
CREATE TRIGGER activity_is_kept BEFORE DELETE ON activity
BEGIN
  SELECT RAISE(ABORT, 'activity is insert-only');
END;

CREATE TRIGGER activity_is_final BEFORE UPDATE ON activity
WHEN NOT (
  NEW.member_email IS NULL AND NEW.id IS OLD.id AND NEW.tenant_id IS OLD.tenant_id AND NEW.at IS OLD.at AND NEW.kind IS OLD.kind
  AND NEW.actor_id IS OLD.actor_id AND NEW.actor_name IS OLD.actor_name AND NEW.member_id IS OLD.member_id AND NEW.ip IS OLD.ip
  AND (NEW.before IS OLD.before OR (NEW.before IS NULL AND OLD.kind = 'address_changed'))
  AND (NEW.after IS OLD.after OR (NEW.after IS NULL AND OLD.kind = 'address_changed'))
)
BEGIN
  SELECT RAISE(ABORT, 'activity is insert-only');
END;
