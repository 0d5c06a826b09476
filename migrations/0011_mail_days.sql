-- What a workspace has emailed in its current day, and as tenant_id of no characters the whole deployment: counting the emails themselves read
-- thousands of rows for one invitation. A day begins with its first email.
CREATE TABLE mail_days (
  tenant_id TEXT PRIMARY KEY,
  sent INTEGER NOT NULL,
  resets_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO mail_days (tenant_id, sent, resets_at)
SELECT tenant_id, count(*), min(created_at) + 86400000 FROM mails
WHERE tenant_id IS NOT NULL AND invitation_id IS NOT NULL AND created_at > unixepoch() * 1000 - 86400000 GROUP BY tenant_id;
INSERT INTO mail_days (tenant_id, sent, resets_at) SELECT '', hits, resets_at FROM throttles WHERE key = 'mails:deployment';
DELETE FROM throttles WHERE key = 'mails:deployment';

-- The index by workspace finds them by age as well, and few emails are about a reset.
DROP INDEX mails_by_age;
DROP INDEX mails_by_reset;
CREATE INDEX mails_by_reset ON mails (password_reset_id) WHERE password_reset_id IS NOT NULL;
