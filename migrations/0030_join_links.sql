-- A link for many people to join a workspace by, as Tenant Users. Its secret is kept as SHA-256 alone. uses is raised by the one statement that
-- lets somebody join or ask to, and write_nonce is what that statement leaves for the others of its batch.
-- overrides and agents are what everyone gets who joins by it, as an invitation gives it.
CREATE TABLE join_links (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  secret_hash TEXT NOT NULL UNIQUE CHECK (length(secret_hash) = 64),
  maker_id TEXT NOT NULL,
  maker_name TEXT NOT NULL,
  label TEXT CHECK (length(label) BETWEEN 1 AND 80),
  overrides TEXT NOT NULL CHECK (json_type(overrides) = 'object'),
  agent_mode TEXT NOT NULL,
  agents TEXT NOT NULL CHECK (json_type(agents) = 'array'),
  domains TEXT NOT NULL CHECK (json_type(domains) = 'array'),
  approval INTEGER NOT NULL CHECK (approval IN (0, 1)),
  most_uses INTEGER NOT NULL CHECK (most_uses BETWEEN 1 AND 1000),
  uses INTEGER NOT NULL DEFAULT 0 CHECK (uses BETWEEN 0 AND most_uses),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL CHECK (expires_at > created_at),
  turned_off_at INTEGER,
  preset_id TEXT,
  write_nonce TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX join_links_by_tenant ON join_links (tenant_id, created_at, id);

-- An address that was given on the page of a link, whatever it is here, and the link that was emailed to it. Its jti is only ever emailed.
CREATE TABLE join_proofs (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  link_id TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  jti TEXT NOT NULL UNIQUE CHECK (length(jti) = 43),
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL CHECK (expires_at > created_at)
) STRICT, WITHOUT ROWID;

-- Somebody who proved their address and waits for an admin. Not a member: once let in they are one with this id.
CREATE TABLE join_requests (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  link_id TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  name TEXT CHECK (length(name) BETWEEN 1 AND 80),
  created_at INTEGER NOT NULL,
  write_nonce TEXT
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX one_request_per_address ON join_requests (tenant_id, email_key);
CREATE INDEX join_requests_by_time ON join_requests (tenant_id, created_at, id);

-- Addresses that ceased to belong to a workspace, for as long as a join link from before can work. The time is rounded up to the second.
CREATE TABLE removed_addresses (
  tenant_id TEXT NOT NULL,
  email_key TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, email_key)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER member_was_here AFTER DELETE ON members WHEN OLD.user_id IS NOT NULL AND EXISTS (SELECT 1 FROM tenants WHERE id = OLD.tenant_id) AND NOT EXISTS (SELECT 1 FROM erasures WHERE tenant_id = OLD.tenant_id) BEGIN INSERT INTO removed_addresses (tenant_id, email_key, at) VALUES (OLD.tenant_id, OLD.email_key, unixepoch() * 1000 + 999) ON CONFLICT (tenant_id, email_key) DO UPDATE SET at = excluded.at; END;

-- What to tell an admin of somebody who joined or asks to, not before due_at. about_id is the member, or the request that has the id of one.
CREATE TABLE join_notices (
  about_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  about_email TEXT NOT NULL,
  about_name TEXT,
  at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  mail_id TEXT REFERENCES mails (id) ON DELETE CASCADE,
  PRIMARY KEY (about_id, kind)
) STRICT, WITHOUT ROWID;

CREATE INDEX join_notices_by_member ON join_notices (member_id, mail_id);
CREATE INDEX join_notices_waiting ON join_notices (due_at) WHERE mail_id IS NULL;
CREATE INDEX join_notices_by_mail ON join_notices (mail_id) WHERE mail_id IS NOT NULL;

ALTER TABLE members ADD COLUMN join_link_id TEXT;
CREATE INDEX members_by_join_link ON members (join_link_id, email_key) WHERE join_link_id IS NOT NULL;

-- A trigger does what a foreign key would, which an older table cannot have to a younger one: a dump writes the older first.
ALTER TABLE mails ADD COLUMN join_proof_id TEXT;
CREATE INDEX mails_by_join_proof ON mails (join_proof_id) WHERE join_proof_id IS NOT NULL;
CREATE TRIGGER join_proof_takes_mails BEFORE DELETE ON join_proofs BEGIN DELETE FROM mails WHERE join_proof_id = OLD.id; END;
