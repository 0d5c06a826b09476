-- The outbox of mail. A row holds no link: the link is signed from the invitation or the reset when the mail is sent.
-- reason is a code of ours, and detail what the other side said in its own words.
CREATE TABLE mails (
  id TEXT PRIMARY KEY,
  tenant_id TEXT REFERENCES tenants (id) ON DELETE CASCADE,
  member_id TEXT REFERENCES members (id) ON DELETE SET NULL,
  kind TEXT NOT NULL,
  to_email TEXT NOT NULL,
  to_key TEXT NOT NULL,
  invitation_id TEXT REFERENCES invitations (id) ON DELETE CASCADE,
  password_reset_id TEXT REFERENCES password_resets (id) ON DELETE CASCADE,
  state TEXT NOT NULL DEFAULT 'queued',
  attempts INTEGER NOT NULL DEFAULT 0,
  leased_until INTEGER NOT NULL DEFAULT 0,
  provider TEXT,
  provider_id TEXT,
  request_id TEXT,
  reason TEXT,
  detail TEXT,
  created_at INTEGER NOT NULL,
  sent_at INTEGER,
  CHECK (invitation_id IS NULL OR password_reset_id IS NULL)
) STRICT;

CREATE INDEX mails_queued ON mails (leased_until) WHERE state = 'queued';
CREATE INDEX mails_by_member ON mails (member_id, created_at);
CREATE INDEX mails_by_tenant ON mails (tenant_id, created_at);
CREATE INDEX mails_by_address ON mails (to_key, created_at);
CREATE INDEX mails_by_invitation ON mails (invitation_id, created_at);
CREATE INDEX mails_by_reset ON mails (password_reset_id);
CREATE INDEX mails_by_age ON mails (created_at);
-- What needs an admin to look after it, found without reading the rest.
CREATE INDEX mails_waiting ON mails (tenant_id, created_at) WHERE state = 'queued';
CREATE INDEX mails_refused ON mails (tenant_id, created_at) WHERE state IN ('bounced', 'complained', 'failed');

-- What became of a mail: one row for each attempt of ours, one for each thing its provider told. The id of what a webhook told is made of
-- what it says, so that the same news is the same row.
CREATE TABLE mail_events (
  id TEXT PRIMARY KEY,
  mail_id TEXT NOT NULL REFERENCES mails (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  attempt INTEGER,
  reason TEXT,
  detail TEXT,
  at INTEGER NOT NULL
) STRICT;

CREATE INDEX mail_events_by_mail ON mail_events (mail_id, at);

-- The last signed request of each provider.
CREATE TABLE webhooks (
  provider TEXT PRIMARY KEY,
  seen_at INTEGER NOT NULL
) STRICT;

-- What to tell an inviter, not before due_at. Those without a mail wait to be gathered into one.
CREATE TABLE notices (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  invitation_id TEXT NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  about_email TEXT NOT NULL,
  at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  mail_id TEXT REFERENCES mails (id) ON DELETE CASCADE,
  UNIQUE (invitation_id, kind)
) STRICT;

CREATE INDEX notices_by_member ON notices (member_id, mail_id);
CREATE INDEX notices_by_tenant ON notices (tenant_id);
CREATE INDEX notices_waiting ON notices (due_at) WHERE mail_id IS NULL;
CREATE INDEX notices_by_mail ON notices (mail_id);
