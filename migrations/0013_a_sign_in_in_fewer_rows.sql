-- D1 bills a row for every index that a change writes into. What is looked up by its key alone is sorted by it, and what is only swept is swept
-- at night by reading all of it once, which costs a thousandth of an index kept at every sign-in.

CREATE TABLE throttles_sorted (
  key TEXT PRIMARY KEY,
  hits INTEGER NOT NULL,
  blocked_until INTEGER NOT NULL,
  resets_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO throttles_sorted (key, hits, blocked_until, resets_at) SELECT key, hits, blocked_until, resets_at FROM throttles;
-- No table refers to it.
DROP TABLE throttles;
ALTER TABLE throttles_sorted RENAME TO throttles;

CREATE TABLE credentials_sorted (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  secret TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO credentials_sorted (id, user_id, kind, secret, created_at, changed_at)
SELECT id, user_id, kind, secret, created_at, changed_at FROM credentials;
-- No table refers to it.
DROP TABLE credentials;
ALTER TABLE credentials_sorted RENAME TO credentials;
CREATE UNIQUE INDEX one_password ON credentials (user_id) WHERE kind = 'password';
CREATE INDEX credentials_by_user ON credentials (user_id, kind);

-- Visits go before the sessions that they refer to, and come back without referring to them: a trigger takes them along.
CREATE TABLE sessions_sorted (
  secret_hash TEXT PRIMARY KEY CHECK (length(secret_hash) = 64),
  id TEXT NOT NULL,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  user_agent TEXT NOT NULL,
  ip TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO sessions_sorted (secret_hash, id, user_id, user_agent, ip, created_at, last_seen_at, expires_at)
SELECT secret_hash, id, user_id, user_agent, ip, created_at, last_seen_at, expires_at FROM sessions;
CREATE TABLE visits_kept (
  session_id TEXT NOT NULL,
  tenant_id TEXT NOT NULL,
  member_id TEXT NOT NULL,
  entered_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (session_id, tenant_id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES members (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
INSERT INTO visits_kept (session_id, tenant_id, member_id, entered_at, last_at)
SELECT session_id, tenant_id, member_id, entered_at, last_at FROM visits;
DROP TABLE visits;
-- No table refers to it any more.
DROP TABLE sessions;
ALTER TABLE sessions_sorted RENAME TO sessions;
ALTER TABLE visits_kept RENAME TO visits;
CREATE INDEX sessions_by_user ON sessions (user_id, id);
CREATE INDEX visits_by_member ON visits (tenant_id, member_id);
CREATE TRIGGER session_takes_its_visits AFTER DELETE ON sessions BEGIN DELETE FROM visits WHERE session_id = OLD.id; END;

CREATE TABLE notices_sorted (
  id TEXT NOT NULL,
  tenant_id TEXT NOT NULL,
  member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  invitation_id TEXT NOT NULL REFERENCES invitations (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  about_email TEXT NOT NULL,
  at INTEGER NOT NULL,
  due_at INTEGER NOT NULL,
  mail_id TEXT REFERENCES mails (id) ON DELETE CASCADE,
  PRIMARY KEY (invitation_id, kind)
) STRICT, WITHOUT ROWID;
INSERT INTO notices_sorted (id, tenant_id, member_id, invitation_id, kind, about_email, at, due_at, mail_id)
SELECT id, tenant_id, member_id, invitation_id, kind, about_email, at, due_at, mail_id FROM notices;
-- No table refers to it.
DROP TABLE notices;
ALTER TABLE notices_sorted RENAME TO notices;
CREATE INDEX notices_by_member ON notices (member_id, mail_id);
CREATE INDEX notices_waiting ON notices (due_at) WHERE mail_id IS NULL;
CREATE INDEX notices_by_mail ON notices (mail_id) WHERE mail_id IS NOT NULL;
