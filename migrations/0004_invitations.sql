-- An open invitation has a member. The closed ones outlive it, so that an old link can explain itself.
-- jti was only ever emailed, and its use proves the address. copied_jti is the same invitation as a link to hand over.
-- write_nonce is left by the one change that closed it, and whatever else that change does selects by it.
-- inviter_id is the member who is told what becomes of it. remind_at and expiry_notice_at are set when it is issued, and emptied by the
-- Cron that has acted on them.
CREATE TABLE invitations (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  member_id TEXT REFERENCES members (id) ON DELETE SET NULL,
  kind TEXT NOT NULL,
  jti TEXT NOT NULL UNIQUE CHECK (length(jti) = 43),
  copied_jti TEXT UNIQUE CHECK (length(copied_jti) = 43),
  inviter_id TEXT,
  inviter_name TEXT NOT NULL,
  note TEXT CHECK (length(note) BETWEEN 1 AND 500),
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL CHECK (expires_at > created_at),
  opened_at INTEGER,
  closed_at INTEGER,
  remind_at INTEGER,
  expiry_notice_at INTEGER,
  write_nonce TEXT UNIQUE,
  CHECK ((state = 'open') = (closed_at IS NULL)),
  CHECK (state <> 'open' OR member_id IS NOT NULL),
  CHECK ((state = 'open') = (write_nonce IS NULL))
) STRICT;

CREATE UNIQUE INDEX one_open_invitation ON invitations (member_id) WHERE state = 'open';
CREATE INDEX invitations_by_member ON invitations (member_id, created_at);
CREATE INDEX invitations_by_tenant ON invitations (tenant_id, created_at);
CREATE INDEX invitations_open ON invitations (tenant_id, expires_at) WHERE state = 'open';
CREATE INDEX invitations_to_remind ON invitations (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX invitations_to_expire ON invitations (expiry_notice_at) WHERE expiry_notice_at IS NOT NULL;

-- Addresses that may not be invited or reminded: nowhere where tenant_id is empty, else in that workspace alone.
CREATE TABLE suppressions (
  email_key TEXT NOT NULL,
  tenant_id TEXT NOT NULL DEFAULT '',
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (email_key, tenant_id)
) STRICT, WITHOUT ROWID;
