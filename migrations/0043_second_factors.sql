-- Every way to prove oneself is a credential: a password, a passkey, an authenticator app or a recovery code. Of a passkey, id is its credential id,
-- secret its public key and counter what it last counted to. Of an app, secret is sealed and counter the time step of its last code. Of a recovery
-- code, secret is its SHA-256. details are those of a passkey as JSON.
ALTER TABLE credentials ADD COLUMN name TEXT CHECK (length(name) BETWEEN 1 AND 80);
ALTER TABLE credentials ADD COLUMN counter INTEGER NOT NULL DEFAULT 0;
ALTER TABLE credentials ADD COLUMN last_used_at INTEGER;
ALTER TABLE credentials ADD COLUMN details TEXT;
CREATE UNIQUE INDEX one_app ON credentials (user_id) WHERE kind = 'totp';
CREATE UNIQUE INDEX passkeys_by_id ON credentials (id) WHERE kind = 'passkey';

-- How many second factors somebody has, apart from recovery codes. Kept by the two triggers.
ALTER TABLE users ADD COLUMN factors INTEGER NOT NULL DEFAULT 0;
CREATE TRIGGER factor_added AFTER INSERT ON credentials WHEN NEW.kind IN ('passkey', 'totp') BEGIN UPDATE users SET factors = factors + 1 WHERE id = NEW.user_id; END;
CREATE TRIGGER factor_removed AFTER DELETE ON credentials WHEN OLD.kind IN ('passkey', 'totp') BEGIN UPDATE users SET factors = factors - 1 WHERE id = OLD.user_id; END;

-- Which second factor was proven in a session, and when last.
ALTER TABLE sessions ADD COLUMN factor TEXT;
ALTER TABLE sessions ADD COLUMN factor_at INTEGER NOT NULL DEFAULT 0;

-- Somebody gave the right password and has yet to give the second factor, in the browser whose cookie has this hash. tries counts what they gave
-- for it.
CREATE TABLE sign_ins (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  browser_hash TEXT NOT NULL CHECK (length(browser_hash) = 64),
  tries INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL CHECK (expires_at > created_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX sign_ins_by_user ON sign_ins (user_id);
CREATE TRIGGER new_password_ends_sign_ins AFTER UPDATE OF changed_at ON credentials WHEN NEW.kind = 'password' BEGIN DELETE FROM sign_ins WHERE user_id = NEW.user_id; END;
CREATE TRIGGER no_password_ends_sign_ins AFTER DELETE ON credentials WHEN OLD.kind = 'password' BEGIN DELETE FROM sign_ins WHERE user_id = OLD.user_id; END;

-- What a passkey is asked to sign, once. holder is who it was made for: the hash of the cookie of a browser, or the id of a session.
CREATE TABLE challenges (
  challenge TEXT PRIMARY KEY,
  purpose TEXT NOT NULL,
  holder TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL CHECK (expires_at > created_at)
) STRICT, WITHOUT ROWID;

-- The browsers that somebody has signed in with: the hash of the secret in its cookie, which is another after each sign-in.
CREATE TABLE known_browsers (
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  browser_hash TEXT NOT NULL CHECK (length(browser_hash) = 64),
  user_agent TEXT NOT NULL,
  ip TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  PRIMARY KEY (user_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX known_browsers_by_hash ON known_browsers (browser_hash, user_id);

-- A link that was emailed so that somebody may set up their first second factor, or a new one in the place of one they lost. asked_in is the
-- workspace whose admin asked for it.
CREATE TABLE factor_links (
  id TEXT PRIMARY KEY,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  asked_in TEXT,
  purpose TEXT NOT NULL,
  jti TEXT NOT NULL UNIQUE CHECK (length(jti) = 43),
  state TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL CHECK (expires_at > created_at),
  closed_at INTEGER,
  write_nonce TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX factor_links_by_user ON factor_links (user_id, state);

-- about is what an email to a person says besides, as JSON.
ALTER TABLE mails ADD COLUMN about TEXT;
ALTER TABLE mails ADD COLUMN factor_link_id TEXT;
CREATE INDEX mails_by_factor_link ON mails (factor_link_id) WHERE factor_link_id IS NOT NULL;
CREATE TRIGGER factor_link_takes_mails BEFORE DELETE ON factor_links BEGIN DELETE FROM mails WHERE factor_link_id = OLD.id; END;

-- Of whom a workspace asks a second factor, since when, and how many days it waits for one.
ALTER TABLE tenants ADD COLUMN factor_policy TEXT NOT NULL DEFAULT 'optional';
ALTER TABLE tenants ADD COLUMN factor_policy_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tenants ADD COLUMN factor_grace_days INTEGER NOT NULL DEFAULT 0 CHECK (factor_grace_days BETWEEN 0 AND 90);
