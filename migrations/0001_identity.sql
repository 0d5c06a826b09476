-- A person. proved_at is when they first used a link that was only ever emailed to their address.
CREATE TABLE users (
  id TEXT PRIMARY KEY,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL UNIQUE,
  name TEXT CHECK (length(name) BETWEEN 1 AND 80),
  proved_at INTEGER,
  last_tenant_id TEXT REFERENCES tenants (id) ON DELETE SET NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE INDEX users_by_last_tenant ON users (last_tenant_id) WHERE last_tenant_id IS NOT NULL;

-- What somebody can prove themself with. The secret of a password is its PHC string.
CREATE TABLE credentials (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  secret TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX one_password ON credentials (user_id) WHERE kind = 'password';
CREATE INDEX credentials_by_user ON credentials (user_id, kind);

-- A session names a person and no workspace. It may outlive its idle time here, so that a form sent after it can be told whose it was.
CREATE TABLE sessions (
  id TEXT PRIMARY KEY,
  secret_hash TEXT NOT NULL UNIQUE CHECK (length(secret_hash) = 64),
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  user_agent TEXT NOT NULL,
  ip TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE password_resets (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  jti TEXT NOT NULL UNIQUE CHECK (length(jti) = 43),
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL CHECK (expires_at > created_at),
  closed_at INTEGER,
  write_nonce TEXT UNIQUE,
  CHECK ((state = 'open') = (closed_at IS NULL)),
  CHECK ((state = 'open') = (write_nonce IS NULL))
) STRICT;

CREATE UNIQUE INDEX one_open_reset ON password_resets (user_id) WHERE state = 'open';
CREATE INDEX password_resets_by_user ON password_resets (user_id, created_at);
CREATE INDEX password_resets_by_expiry ON password_resets (expires_at);

CREATE TABLE throttles (
  key TEXT PRIMARY KEY,
  hits INTEGER NOT NULL,
  blocked_until INTEGER NOT NULL,
  resets_at INTEGER NOT NULL
) STRICT;

CREATE INDEX throttles_by_reset ON throttles (resets_at);
