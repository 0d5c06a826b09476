-- More kinds of mail, who took it, and under which request. SQLite cannot widen a CHECK, so the outbox moves house.
CREATE TABLE mails_next (
  id TEXT PRIMARY KEY,
  tenant_id TEXT REFERENCES tenants (id) ON DELETE CASCADE,
  member_id TEXT REFERENCES members (id) ON DELETE SET NULL,
  kind TEXT NOT NULL
    CHECK (kind IN ('invitation', 'fresh_invitation', 'reminder', 'password_reset', 'password_changed', 'notice', 'test')),
  to_email TEXT NOT NULL,
  to_key TEXT NOT NULL,
  invitation_id TEXT REFERENCES invitations (id) ON DELETE CASCADE,
  password_reset_id TEXT REFERENCES password_resets (id) ON DELETE CASCADE,
  state TEXT NOT NULL DEFAULT 'queued'
    CHECK (state IN ('queued', 'sent', 'delivered', 'deferred', 'bounced', 'complained', 'dropped', 'failed')),
  attempts INTEGER NOT NULL DEFAULT 0,
  leased_until INTEGER NOT NULL DEFAULT 0,
  provider TEXT,
  provider_id TEXT,
  request_id TEXT,
  reason TEXT,
  created_at INTEGER NOT NULL,
  sent_at INTEGER,
  CHECK ((kind IN ('invitation', 'fresh_invitation', 'reminder')) = (invitation_id IS NOT NULL)),
  CHECK ((kind = 'password_reset') = (password_reset_id IS NOT NULL))
) STRICT;

INSERT INTO mails_next (id, tenant_id, member_id, kind, to_email, to_key, invitation_id, password_reset_id, state, attempts,
  leased_until, provider_id, reason, created_at, sent_at)
SELECT id, tenant_id, member_id, kind, to_email, to_key, invitation_id, password_reset_id, state, attempts,
  leased_until, provider_id, reason, created_at, sent_at FROM mails;

DROP TABLE mails;
ALTER TABLE mails_next RENAME TO mails;

CREATE INDEX mails_queued ON mails (leased_until) WHERE state = 'queued';
CREATE INDEX mails_by_member ON mails (member_id, created_at);
CREATE INDEX mails_by_tenant ON mails (tenant_id, created_at);
CREATE INDEX mails_by_address ON mails (to_key, created_at);
CREATE INDEX mails_by_invitation ON mails (invitation_id, created_at);
CREATE INDEX mails_by_reset ON mails (password_reset_id);
CREATE INDEX mails_by_age ON mails (created_at);
-- What needs an admin's attention, found without reading the rest.
CREATE INDEX mails_waiting ON mails (tenant_id, created_at) WHERE state = 'queued';
CREATE INDEX mails_refused ON mails (tenant_id, created_at) WHERE state IN ('bounced', 'complained', 'failed');

-- What became of a mail: one row for each attempt of ours, one for each thing its provider told. A webhook's event has an id made of
-- what it says, so that a repeated one is the same row.
CREATE TABLE mail_events (
  id TEXT PRIMARY KEY,
  mail_id TEXT NOT NULL REFERENCES mails (id) ON DELETE CASCADE,
  kind TEXT NOT NULL
    CHECK (kind IN ('sent', 'postponed', 'failed', 'dropped', 'delivered', 'deferred', 'bounced', 'complained')),
  attempt INTEGER,
  reason TEXT,
  at INTEGER NOT NULL
) STRICT;

CREATE INDEX mail_events_by_mail ON mail_events (mail_id, at);

-- The last signed request of each provider, for the mailbox check.
CREATE TABLE webhooks (
  provider TEXT PRIMARY KEY,
  seen_at INTEGER NOT NULL
) STRICT;

-- Addresses that no workspace may invite or remind any more. Nobody is told which of the two it was.
CREATE TABLE suppressions (
  email_key TEXT PRIMARY KEY,
  reason TEXT NOT NULL CHECK (reason IN ('complained', 'asked')),
  at INTEGER NOT NULL
) STRICT;

-- `inviter_id` is the member who is told what becomes of the invitation. `remind_at` and `lapse_notice_at` are set when it is issued and
-- emptied by the Cron that has acted on them, or has found nothing to do any more.
ALTER TABLE invitations ADD COLUMN inviter_id TEXT;
ALTER TABLE invitations ADD COLUMN opened_at INTEGER;
ALTER TABLE invitations ADD COLUMN remind_at INTEGER;
ALTER TABLE invitations ADD COLUMN lapse_notice_at INTEGER;

CREATE INDEX invitations_to_remind ON invitations (remind_at) WHERE remind_at IS NOT NULL;
CREATE INDEX invitations_to_lapse ON invitations (lapse_notice_at) WHERE lapse_notice_at IS NOT NULL;
CREATE INDEX password_resets_by_expiry ON password_resets (expires_at);
CREATE INDEX invitations_open ON invitations (tenant_id, expires_at) WHERE state = 'open';

ALTER TABLE tenants ADD COLUMN reminders INTEGER NOT NULL DEFAULT 1 CHECK (reminders IN (0, 1));
ALTER TABLE members ADD COLUMN notices TEXT NOT NULL DEFAULT 'each' CHECK (notices IN ('each', 'daily', 'off'));

-- What to tell an inviter, not before `due_at`; those without a mail wait to be gathered into one.
CREATE TABLE notices (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  invitation_id TEXT NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,
  kind TEXT NOT NULL CHECK (kind IN ('accepted', 'declined', 'bounced', 'lapsed')),
  about_email TEXT NOT NULL,
  at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  mail_id TEXT REFERENCES mails (id) ON DELETE CASCADE,
  UNIQUE (invitation_id, kind)
) STRICT;

CREATE INDEX notices_by_member ON notices (member_id, mail_id);
CREATE INDEX notices_waiting ON notices (due_at) WHERE mail_id IS NULL;
CREATE INDEX notices_by_mail ON notices (mail_id);

-- Who may create the first workspace: the holder of the link that the deploy command printed last.
CREATE TABLE setup_tokens (
  token_hash TEXT PRIMARY KEY CHECK (length(token_hash) = 64),
  expires_at INTEGER NOT NULL
) STRICT;

-- INSERT OR REPLACE deletes without asking the trigger on DELETE.
CREATE TRIGGER activity_is_new BEFORE INSERT ON activity
WHEN EXISTS (SELECT 1 FROM activity WHERE id = NEW.id)
BEGIN
  SELECT RAISE(ABORT, 'activity is insert-only');
END;
