-- A tool that asks Latchkey who somebody is: for one section, for one agent, or with neither for the whole workspace. Its id is the client id. Of
-- secrets there is SHA-256 alone. for_admins: nobody else can be given the section. granted_at: an admin has consented for everybody.
CREATE TABLE apps (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  section TEXT,
  for_admins INTEGER NOT NULL DEFAULT 0 CHECK (for_admins IN (0, 1)),
  agent_id TEXT,
  auth TEXT NOT NULL,
  secret_hash TEXT CHECK (length(secret_hash) = 64),
  former_secret_hash TEXT CHECK (length(former_secret_hash) = 64),
  former_secret_until INTEGER,
  secret_at INTEGER,
  jwks TEXT CHECK (json_type(jwks) = 'object'),
  pkce INTEGER NOT NULL DEFAULT 1 CHECK (pkce IN (0, 1)),
  redirect_uris TEXT NOT NULL CHECK (json_type(redirect_uris) = 'array'),
  after_logout_uris TEXT NOT NULL CHECK (json_type(after_logout_uris) = 'array'),
  logout_uri TEXT,
  resource TEXT,
  granted_at INTEGER,
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  CHECK (section IS NULL OR agent_id IS NULL),
  CHECK ((former_secret_hash IS NULL) = (former_secret_until IS NULL)),
  CHECK (resource IS NULL OR agent_id IS NOT NULL),
  FOREIGN KEY (tenant_id, agent_id) REFERENCES agents (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX apps_by_tenant ON apps (tenant_id, name, id);
CREATE INDEX apps_by_agent ON apps (tenant_id, agent_id) WHERE agent_id IS NOT NULL;
-- The audience of its tokens: two workspaces may not both speak for it.
CREATE UNIQUE INDEX one_app_per_resource ON apps (resource) WHERE resource IS NOT NULL;

-- The hosts that a proxy asks for before it lets anybody through.
CREATE TABLE app_hosts (
  host TEXT PRIMARY KEY,
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX app_hosts_by_app ON app_hosts (app_id, host);

-- What the apps of a workspace call a person.
CREATE TABLE subjects (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  user_id TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  sub TEXT NOT NULL,
  PRIMARY KEY (tenant_id, user_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX subjects_by_user ON subjects (user_id);

-- client: where it names itself by a metadata document, the address of that, and else empty. scope: what was consented to.
CREATE TABLE app_consents (
  member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  client TEXT NOT NULL DEFAULT '',
  scope TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (member_id, app_id, client)
) STRICT, WITHOUT ROWID;
CREATE INDEX app_consents_by_app ON app_consents (app_id);

-- Somebody is signed in to an app by a session of theirs, where it may stay so without the session, offline. sid, sub and logout_uri are what the
-- app is told by when that ends.
CREATE TABLE app_grants (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  app_id TEXT NOT NULL REFERENCES apps (id) ON DELETE CASCADE,
  client TEXT NOT NULL DEFAULT '',
  member_id TEXT NOT NULL,
  user_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  offline INTEGER NOT NULL DEFAULT 0 CHECK (offline IN (0, 1)),
  factor_at INTEGER NOT NULL DEFAULT 0,
  session_at INTEGER NOT NULL,
  sid TEXT NOT NULL,
  sub TEXT NOT NULL,
  scope TEXT NOT NULL,
  logout_uri TEXT,
  created_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  ended_at INTEGER,
  FOREIGN KEY (tenant_id, member_id) REFERENCES members (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX one_grant_of_a_session ON app_grants (app_id, session_id, client) WHERE ended_at IS NULL;
CREATE INDEX app_grants_of_member ON app_grants (tenant_id, member_id, ended_at);
CREATE INDEX app_grants_of_user ON app_grants (user_id) WHERE ended_at IS NULL;
CREATE INDEX app_grants_used ON app_grants (app_id, used_at);

-- Codes, tokens and tickets, by SHA-256. payload: what the provider keeps of one. write_nonce: left by whoever used it.
CREATE TABLE app_tokens (
  id TEXT PRIMARY KEY CHECK (length(id) = 64),
  kind TEXT NOT NULL,
  grant_id TEXT NOT NULL REFERENCES app_grants (id) ON DELETE CASCADE,
  payload TEXT NOT NULL CHECK (json_type(payload) = 'object'),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  consumed_at INTEGER,
  write_nonce TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX app_tokens_by_grant ON app_tokens (grant_id);

-- What an app has yet to be told: that somebody is signed out. It outlives the app and the workspace.
CREATE TABLE app_logouts (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  app_id TEXT NOT NULL,
  uri TEXT NOT NULL,
  sub TEXT NOT NULL,
  sid TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting',
  attempts INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  done_at INTEGER,
  detail TEXT
) STRICT, WITHOUT ROWID;
CREATE INDEX app_logouts_due ON app_logouts (due_at) WHERE state = 'waiting';
CREATE INDEX app_logouts_by_app ON app_logouts (app_id, created_at);

-- Whose access changed in a batch, where somebody is signed in to an app: a statement at its end deletes these rows, and with that their grants end
-- if what they may see by then does not allow them any more. src/db/settle.ts
CREATE TABLE access_changes (
  tenant_id TEXT NOT NULL,
  member_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, member_id)
) STRICT, WITHOUT ROWID;

-- The grants whose members may see what the app is for. It says no less and no more than src/models/apps/answer.ts, but for the session and the second factor.
CREATE VIEW standing_app_grants AS
SELECT g.id FROM app_grants g JOIN apps a ON a.id = g.app_id JOIN members m ON m.id = g.member_id AND m.tenant_id = g.tenant_id
  JOIN tenants t ON t.id = g.tenant_id AND t.suspended_at IS NULL
WHERE g.ended_at IS NULL AND m.status = 'active' AND m.user_id = g.user_id
  AND (a.section IS NULL OR m.role = 'admin' OR a.for_admins = 0 AND coalesce(
    (SELECT s.access FROM member_sections s WHERE s.tenant_id = m.tenant_id AND s.member_id = m.id AND s.section = a.section),
    (SELECT d.access FROM section_defaults d WHERE d.tenant_id = m.tenant_id AND d.section = a.section), 'on') = 'on')
  AND (a.agent_id IS NULL OR m.role = 'admin' OR m.agent_mode = 'all' OR EXISTS (
    SELECT 1 FROM member_agents l WHERE l.tenant_id = m.tenant_id AND l.member_id = m.id AND l.agent_id = a.agent_id));

CREATE TRIGGER access_settles AFTER DELETE ON access_changes BEGIN UPDATE app_grants SET ended_at = unixepoch() * 1000 WHERE tenant_id = OLD.tenant_id AND member_id = OLD.member_id AND ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM standing_app_grants x WHERE x.id = app_grants.id); END;
CREATE TRIGGER app_grant_begins AFTER INSERT ON app_grants BEGIN INSERT OR IGNORE INTO access_changes (tenant_id, member_id) VALUES (NEW.tenant_id, NEW.member_id); END;
CREATE TRIGGER app_grant_ends AFTER UPDATE OF ended_at ON app_grants WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL BEGIN DELETE FROM app_tokens WHERE grant_id = NEW.id; INSERT INTO app_logouts (id, tenant_id, app_id, uri, sub, sid, due_at, created_at) SELECT lower(hex(randomblob(16))), NEW.tenant_id, NEW.app_id, NEW.logout_uri, NEW.sub, NEW.sid, NEW.ended_at, NEW.ended_at WHERE NEW.logout_uri IS NOT NULL; END;

CREATE TRIGGER member_changes_for_apps AFTER UPDATE OF status, role, agent_mode, user_id ON members BEGIN INSERT OR IGNORE INTO access_changes (tenant_id, member_id) SELECT NEW.tenant_id, NEW.id WHERE EXISTS (SELECT 1 FROM app_grants g WHERE g.tenant_id = NEW.tenant_id AND g.member_id = NEW.id AND g.ended_at IS NULL); END;
CREATE TRIGGER member_leaves_apps BEFORE DELETE ON members BEGIN UPDATE app_grants SET ended_at = unixepoch() * 1000 WHERE tenant_id = OLD.tenant_id AND member_id = OLD.id AND ended_at IS NULL; END;
CREATE TRIGGER section_is_given_to_a_member AFTER INSERT ON member_sections BEGIN INSERT OR IGNORE INTO access_changes (tenant_id, member_id) SELECT NEW.tenant_id, NEW.member_id WHERE EXISTS (SELECT 1 FROM app_grants g WHERE g.tenant_id = NEW.tenant_id AND g.member_id = NEW.member_id AND g.ended_at IS NULL); END;
CREATE TRIGGER section_of_a_member_turns AFTER UPDATE OF access ON member_sections BEGIN INSERT OR IGNORE INTO access_changes (tenant_id, member_id) SELECT NEW.tenant_id, NEW.member_id WHERE EXISTS (SELECT 1 FROM app_grants g WHERE g.tenant_id = NEW.tenant_id AND g.member_id = NEW.member_id AND g.ended_at IS NULL); END;
CREATE TRIGGER section_of_a_member_follows AFTER DELETE ON member_sections BEGIN INSERT OR IGNORE INTO access_changes (tenant_id, member_id) SELECT OLD.tenant_id, OLD.member_id WHERE EXISTS (SELECT 1 FROM app_grants g WHERE g.tenant_id = OLD.tenant_id AND g.member_id = OLD.member_id AND g.ended_at IS NULL); END;
CREATE TRIGGER agent_of_a_member_goes AFTER DELETE ON member_agents BEGIN INSERT OR IGNORE INTO access_changes (tenant_id, member_id) SELECT OLD.tenant_id, OLD.member_id WHERE EXISTS (SELECT 1 FROM app_grants g WHERE g.tenant_id = OLD.tenant_id AND g.member_id = OLD.member_id AND g.ended_at IS NULL); END;
CREATE TRIGGER section_default_is_set AFTER INSERT ON section_defaults BEGIN INSERT OR IGNORE INTO access_changes (tenant_id, member_id) SELECT g.tenant_id, g.member_id FROM apps a JOIN app_grants g ON g.app_id = a.id AND g.ended_at IS NULL WHERE a.tenant_id = NEW.tenant_id AND a.section = NEW.section; END;
CREATE TRIGGER section_default_turns AFTER UPDATE OF access ON section_defaults BEGIN INSERT OR IGNORE INTO access_changes (tenant_id, member_id) SELECT g.tenant_id, g.member_id FROM apps a JOIN app_grants g ON g.app_id = a.id AND g.ended_at IS NULL WHERE a.tenant_id = NEW.tenant_id AND a.section = NEW.section; END;
CREATE TRIGGER section_default_goes AFTER DELETE ON section_defaults BEGIN INSERT OR IGNORE INTO access_changes (tenant_id, member_id) SELECT g.tenant_id, g.member_id FROM apps a JOIN app_grants g ON g.app_id = a.id AND g.ended_at IS NULL WHERE a.tenant_id = OLD.tenant_id AND a.section = OLD.section; END;
CREATE TRIGGER app_goes BEFORE DELETE ON apps BEGIN UPDATE app_grants SET ended_at = unixepoch() * 1000 WHERE app_id = OLD.id AND ended_at IS NULL; END;
CREATE TRIGGER workspace_is_suspended AFTER UPDATE OF suspended_at ON tenants WHEN OLD.suspended_at IS NULL AND NEW.suspended_at IS NOT NULL BEGIN UPDATE app_grants SET ended_at = unixepoch() * 1000 WHERE tenant_id = NEW.id AND ended_at IS NULL; END;
CREATE TRIGGER session_leaves_apps AFTER DELETE ON sessions BEGIN UPDATE app_grants SET ended_at = unixepoch() * 1000 WHERE user_id = OLD.user_id AND session_id = OLD.id AND offline = 0 AND ended_at IS NULL; END;
CREATE TRIGGER password_ends_apps AFTER UPDATE OF changed_at ON credentials WHEN NEW.kind = 'password' AND NEW.changed_at <> OLD.changed_at BEGIN UPDATE app_grants SET ended_at = unixepoch() * 1000 WHERE user_id = NEW.user_id AND ended_at IS NULL; END;
CREATE TRIGGER lost_factor_ends_apps AFTER UPDATE OF factors ON users WHEN NEW.factors = 0 AND OLD.factors > 0 BEGIN UPDATE app_grants SET ended_at = unixepoch() * 1000 WHERE user_id = NEW.id AND ended_at IS NULL; END;

-- Whether agents of a workspace take clients that name themselves by a metadata document.
ALTER TABLE tenants ADD COLUMN metadata_clients INTEGER NOT NULL DEFAULT 0 CHECK (metadata_clients IN (0, 1));
