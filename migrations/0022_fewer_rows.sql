-- D1 bills a row written for every index that a change writes into. What is looked up by its key alone is sorted by it, an index leaves out what
-- nobody looks for through it, and what only the night looks for has none. decisions/0085 names the pages and Crons that each index is for.

-- Each table comes before those that refer to it, under a name of its own, and the old ones go in the opposite order.
CREATE TABLE password_resets_sorted (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  jti TEXT NOT NULL UNIQUE CHECK (length(jti) = 43),
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL CHECK (expires_at > created_at),
  closed_at INTEGER,
  write_nonce TEXT,
  CHECK ((state = 'open') = (closed_at IS NULL)),
  CHECK ((state = 'open') = (write_nonce IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO password_resets_sorted (id, user_id, jti, state, created_at, expires_at, closed_at, write_nonce)
SELECT id, user_id, jti, state, created_at, expires_at, closed_at, write_nonce FROM password_resets;

CREATE TABLE invitations_sorted (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  member_id TEXT REFERENCES members (id) ON DELETE SET NULL,
  kind TEXT NOT NULL,
  jti TEXT NOT NULL UNIQUE CHECK (length(jti) = 43),
  copied_jti TEXT CHECK (length(copied_jti) = 43),
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
  write_nonce TEXT,
  CHECK ((state = 'open') = (closed_at IS NULL)),
  CHECK (state <> 'open' OR member_id IS NOT NULL),
  CHECK ((state = 'open') = (write_nonce IS NULL))
) STRICT, WITHOUT ROWID;
INSERT INTO invitations_sorted (id, tenant_id, member_id, kind, jti, copied_jti, inviter_id, inviter_name, note, state, created_at, expires_at, opened_at, closed_at, remind_at, expiry_notice_at, write_nonce)
SELECT id, tenant_id, member_id, kind, jti, copied_jti, inviter_id, inviter_name, note, state, created_at, expires_at, opened_at, closed_at, remind_at, expiry_notice_at, write_nonce FROM invitations;

-- A member is found by the address that a mail went to, so that no index leads from member to mail. A trigger does what a foreign key would.
CREATE TABLE mails_sorted (
  id TEXT PRIMARY KEY,
  tenant_id TEXT REFERENCES tenants (id) ON DELETE CASCADE,
  member_id TEXT,
  kind TEXT NOT NULL,
  to_email TEXT NOT NULL,
  to_key TEXT NOT NULL,
  invitation_id TEXT REFERENCES invitations_sorted (id) ON DELETE CASCADE,
  password_reset_id TEXT REFERENCES password_resets_sorted (id) ON DELETE CASCADE,
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
) STRICT, WITHOUT ROWID;
INSERT INTO mails_sorted (id, tenant_id, member_id, kind, to_email, to_key, invitation_id, password_reset_id, state, attempts, leased_until, provider, provider_id, request_id, reason, detail, created_at, sent_at)
SELECT id, tenant_id, member_id, kind, to_email, to_key, invitation_id, password_reset_id, state, attempts, leased_until, provider, provider_id, request_id, reason, detail, created_at, sent_at FROM mails;

CREATE TABLE mail_events_sorted (
  id TEXT PRIMARY KEY,
  mail_id TEXT NOT NULL REFERENCES mails_sorted (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  attempt INTEGER,
  reason TEXT,
  detail TEXT,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO mail_events_sorted (id, mail_id, kind, attempt, reason, detail, at)
SELECT id, mail_id, kind, attempt, reason, detail, at FROM mail_events;

CREATE TABLE notices_kept (
  id TEXT NOT NULL,
  tenant_id TEXT NOT NULL,
  member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  invitation_id TEXT NOT NULL REFERENCES invitations_sorted (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  about_email TEXT NOT NULL,
  at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  mail_id TEXT REFERENCES mails_sorted (id) ON DELETE CASCADE,
  about_name TEXT,
  PRIMARY KEY (invitation_id, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO notices_kept (id, tenant_id, member_id, invitation_id, kind, about_email, at, due_at, mail_id, about_name)
SELECT id, tenant_id, member_id, invitation_id, kind, about_email, at, due_at, mail_id, about_name FROM notices;

-- The newest email to somebody outside, which tells whether the sender of a workspace is set up.
ALTER TABLE mail_days ADD COLUMN newest_mail_id TEXT;
UPDATE mail_days SET newest_mail_id = (SELECT x.id FROM mails x WHERE x.tenant_id = mail_days.tenant_id AND x.invitation_id IS NOT NULL ORDER BY x.created_at DESC LIMIT 1);

-- No table refers to these two.
DROP TABLE notices;
DROP TABLE mail_events;
DROP TABLE mails;
DROP TABLE invitations;
DROP TABLE password_resets;
ALTER TABLE password_resets_sorted RENAME TO password_resets;
ALTER TABLE invitations_sorted RENAME TO invitations;
ALTER TABLE mails_sorted RENAME TO mails;
ALTER TABLE mail_events_sorted RENAME TO mail_events;
ALTER TABLE notices_kept RENAME TO notices;

CREATE UNIQUE INDEX one_open_reset ON password_resets (user_id) WHERE state = 'open';
CREATE UNIQUE INDEX one_change_of_a_reset ON password_resets (write_nonce) WHERE write_nonce IS NOT NULL;
CREATE INDEX password_resets_by_user ON password_resets (user_id, created_at);

CREATE UNIQUE INDEX one_copied_link ON invitations (copied_jti) WHERE copied_jti IS NOT NULL;
CREATE UNIQUE INDEX one_change_of_an_invitation ON invitations (write_nonce) WHERE write_nonce IS NOT NULL;
CREATE UNIQUE INDEX one_open_invitation ON invitations (member_id) WHERE state = 'open';
CREATE INDEX invitations_by_member ON invitations (member_id, created_at);
CREATE INDEX invitations_open ON invitations (tenant_id, expires_at) WHERE state = 'open';
-- An invitation is due once at a time: for its reminder, and then for the notice that it has expired.
CREATE INDEX invitations_due ON invitations (remind_at IS NULL, coalesce(remind_at, expiry_notice_at)) WHERE coalesce(remind_at, expiry_notice_at) IS NOT NULL;

CREATE INDEX mails_queued ON mails (leased_until) WHERE state = 'queued';
CREATE INDEX mails_waiting ON mails (tenant_id, created_at) WHERE state = 'queued' AND tenant_id IS NOT NULL;
CREATE INDEX mails_refused ON mails (tenant_id, created_at) WHERE state IN ('bounced', 'complained', 'failed');
CREATE INDEX mails_by_address ON mails (to_key, created_at);
CREATE INDEX mails_by_invitation ON mails (invitation_id, created_at) WHERE invitation_id IS NOT NULL;
CREATE INDEX mails_by_reset ON mails (password_reset_id) WHERE password_reset_id IS NOT NULL;
CREATE TRIGGER member_leaves_mails BEFORE DELETE ON members BEGIN UPDATE mails SET member_id = NULL WHERE to_key = OLD.email_key AND member_id = OLD.id; UPDATE mails SET member_id = NULL WHERE invitation_id IN (SELECT id FROM invitations WHERE member_id = OLD.id) AND member_id = OLD.id; END;

CREATE INDEX mail_events_by_mail ON mail_events (mail_id, at);

CREATE INDEX notices_by_member ON notices (member_id, mail_id);
CREATE INDEX notices_waiting ON notices (due_at) WHERE mail_id IS NULL;
CREATE INDEX notices_by_mail ON notices (mail_id) WHERE mail_id IS NOT NULL;

-- Sorted by person, so that no other index leads from a person to what they prove themself with.
CREATE TABLE credentials_by_person (
  id TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  secret TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, kind, id)
) STRICT, WITHOUT ROWID;
INSERT INTO credentials_by_person (id, user_id, kind, secret, created_at, changed_at)
SELECT id, user_id, kind, secret, created_at, changed_at FROM credentials;
-- No table refers to it.
DROP TABLE credentials;
ALTER TABLE credentials_by_person RENAME TO credentials;
CREATE UNIQUE INDEX one_password ON credentials (user_id) WHERE kind = 'password';

-- The release before this one finds rows of these two by rowid, which such a table has only as a column. It costs nothing and may go with the next.
CREATE TABLE member_sections_sorted (
  tenant_id TEXT NOT NULL,
  member_id TEXT NOT NULL,
  section TEXT NOT NULL,
  access TEXT NOT NULL,
  rowid TEXT GENERATED ALWAYS AS (member_id || '/' || section) VIRTUAL,
  PRIMARY KEY (tenant_id, member_id, section),
  FOREIGN KEY (tenant_id, member_id) REFERENCES members (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO member_sections_sorted (tenant_id, member_id, section, access) SELECT tenant_id, member_id, section, access FROM member_sections;
-- No table refers to it.
DROP TABLE member_sections;
ALTER TABLE member_sections_sorted RENAME TO member_sections;

CREATE TABLE member_agents_sorted (
  tenant_id TEXT NOT NULL,
  member_id TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  rowid TEXT GENERATED ALWAYS AS (member_id || '/' || agent_id) VIRTUAL,
  PRIMARY KEY (tenant_id, member_id, agent_id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES members (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, agent_id) REFERENCES agents (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO member_agents_sorted (tenant_id, member_id, agent_id) SELECT tenant_id, member_id, agent_id FROM member_agents;
-- No table refers to it.
DROP TABLE member_agents;
ALTER TABLE member_agents_sorted RENAME TO member_agents;
CREATE INDEX member_agents_by_agent ON member_agents (tenant_id, agent_id);

CREATE TABLE section_defaults_sorted (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  section TEXT NOT NULL,
  access TEXT NOT NULL,
  PRIMARY KEY (tenant_id, section)
) STRICT, WITHOUT ROWID;
INSERT INTO section_defaults_sorted (tenant_id, section, access) SELECT tenant_id, section, access FROM section_defaults;
-- No table refers to it.
DROP TABLE section_defaults;
ALTER TABLE section_defaults_sorted RENAME TO section_defaults;

CREATE TABLE section_urls_sorted (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  section TEXT NOT NULL,
  url TEXT NOT NULL,
  PRIMARY KEY (tenant_id, section)
) STRICT, WITHOUT ROWID;
INSERT INTO section_urls_sorted (tenant_id, section, url) SELECT tenant_id, section, url FROM section_urls;
-- No table refers to it.
DROP TABLE section_urls;
ALTER TABLE section_urls_sorted RENAME TO section_urls;

CREATE TABLE undos_sorted (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  admin_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  undone_at INTEGER,
  FOREIGN KEY (tenant_id, admin_id) REFERENCES members (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO undos_sorted (id, tenant_id, admin_id, kind, created_at, expires_at, undone_at)
SELECT id, tenant_id, admin_id, kind, created_at, expires_at, undone_at FROM undos;
CREATE TABLE undo_values_kept (
  undo_id TEXT NOT NULL REFERENCES undos_sorted (id) ON DELETE CASCADE,
  subject TEXT NOT NULL,
  field TEXT NOT NULL,
  was TEXT NOT NULL,
  became TEXT NOT NULL,
  PRIMARY KEY (undo_id, subject, field)
) STRICT, WITHOUT ROWID;
INSERT INTO undo_values_kept (undo_id, subject, field, was, became) SELECT undo_id, subject, field, was, became FROM undo_values;
-- No table refers to it.
DROP TABLE undo_values;
DROP TABLE undos;
ALTER TABLE undos_sorted RENAME TO undos;
ALTER TABLE undo_values_kept RENAME TO undo_values;
CREATE INDEX undos_by_admin ON undos (tenant_id, admin_id);

-- Only the night, or an operator who erases a workspace, ever looked through these. Both read the table instead.
DROP INDEX departures_by_time;
DROP INDEX departures_by_tenant;
DROP INDEX users_by_last_tenant;
-- Agents are sorted by their search_key.
DROP INDEX agents_by_name;
-- Most people are Tenant Users: among them a page in the order of addresses finds the next ones at once.
DROP INDEX members_by_role;
CREATE INDEX admins ON members (tenant_id, email_key) WHERE role = 'admin';
