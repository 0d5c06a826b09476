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

-- Somebody is signed in to an app by a session of theirs, where it may stay so without the session, offline. sid and sub are what the app is told by
-- when that ends. look_at: when the clock alone may end it, since its session, its 30 days unused or the days of grace are over by then, or 0.
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
  created_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL,
  ended_at INTEGER,
  look_at INTEGER NOT NULL DEFAULT 0,
  FOREIGN KEY (tenant_id, member_id) REFERENCES members (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX one_grant_of_a_session ON app_grants (app_id, session_id, client) WHERE ended_at IS NULL;
CREATE INDEX app_grants_of_member ON app_grants (tenant_id, member_id, ended_at);
CREATE INDEX app_grants_of_user ON app_grants (user_id) WHERE ended_at IS NULL;
CREATE INDEX app_grants_used ON app_grants (app_id, used_at);
CREATE INDEX app_grants_to_look_at ON app_grants (look_at) WHERE ended_at IS NULL;

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
-- So that whoever uses a grant finds those of its tokens that have expired, and no other.
CREATE INDEX app_tokens_by_grant ON app_tokens (grant_id, expires_at);

-- What an app has yet to be told: that somebody is signed out. It outlives the app and the workspace.
CREATE TABLE app_logouts (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  app_id TEXT NOT NULL,
  member_id TEXT NOT NULL DEFAULT '',
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

-- The grants that the door would give now: the active member, with a session that counts (idle for less than 30 minutes, as SESSION in src/limits.ts,
-- or none needed for 30 days), with the second factor that the workspace asks for, who may see what the app is for. An agent is seen by whoever has the
-- section of the agents. It says no less and no more than grantBehind and answerOf of src/models/apps, which test/app-answer.test.ts holds it to.
CREATE VIEW standing_app_grants AS
SELECT g.id FROM app_grants g JOIN apps a ON a.id = g.app_id JOIN members m ON m.id = g.member_id AND m.tenant_id = g.tenant_id AND m.user_id = g.user_id
  JOIN users u ON u.id = m.user_id JOIN tenants t ON t.id = g.tenant_id AND t.suspended_at IS NULL
  LEFT JOIN sessions s ON s.user_id = g.user_id AND s.id = g.session_id AND s.last_seen_at > unixepoch() * 1000 - 1800000 AND s.expires_at > unixepoch() * 1000
WHERE g.ended_at IS NULL AND m.status = 'active' AND (m.ends_at IS NULL OR m.ends_at > unixepoch() * 1000) AND g.session_at >= m.valid_from
  AND (s.id IS NOT NULL OR g.offline = 1 AND g.used_at > unixepoch() * 1000 - 2592000000) AND (g.client = '' OR t.metadata_clients = 1)
  AND NOT ((t.factor_policy = 'everybody' OR t.factor_policy = 'admins' AND m.role = 'admin')
    AND max(t.factor_policy_at, coalesce(m.joined_at, 0)) + t.factor_grace_days * 86400000 <= unixepoch() * 1000
    AND (u.factors = 0 OR max(g.factor_at, coalesce(s.factor_at, 0)) = 0))
  AND (a.section IS NULL AND a.agent_id IS NULL OR m.role = 'admin' OR a.for_admins = 0 AND coalesce(
    (SELECT o.access FROM member_sections o WHERE o.tenant_id = m.tenant_id AND o.member_id = m.id AND o.section = coalesce(a.section, 'agents')),
    (SELECT d.access FROM section_defaults d WHERE d.tenant_id = m.tenant_id AND d.section = coalesce(a.section, 'agents')), 'on') = 'on')
  AND (a.agent_id IS NULL OR m.role = 'admin' OR m.agent_mode = 'all' OR EXISTS (
    SELECT 1 FROM member_agents l WHERE l.tenant_id = m.tenant_id AND l.member_id = m.id AND l.agent_id = a.agent_id));

-- A trigger has the conflict clause of the statement that it is part of, so none of these says OR IGNORE: they leave no conflict.
CREATE TRIGGER access_settles AFTER DELETE ON access_changes BEGIN UPDATE app_grants SET ended_at = unixepoch() * 1000 WHERE tenant_id = OLD.tenant_id AND member_id = OLD.member_id AND ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM standing_app_grants x WHERE x.id = app_grants.id); UPDATE app_grants SET look_at = 0 WHERE tenant_id = OLD.tenant_id AND member_id = OLD.member_id AND ended_at IS NULL AND look_at > 0; END;
CREATE TRIGGER app_grant_begins AFTER INSERT ON app_grants BEGIN INSERT INTO access_changes (tenant_id, member_id) SELECT NEW.tenant_id, NEW.member_id WHERE EXISTS (SELECT 1 FROM app_grants g WHERE g.tenant_id = NEW.tenant_id AND g.member_id = NEW.member_id AND g.ended_at IS NULL) AND NOT EXISTS (SELECT 1 FROM access_changes x WHERE x.tenant_id = NEW.tenant_id AND x.member_id = NEW.member_id); END;
CREATE TRIGGER app_grant_ends AFTER UPDATE OF ended_at ON app_grants WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL BEGIN DELETE FROM app_tokens WHERE grant_id = NEW.id; INSERT INTO app_logouts (id, tenant_id, app_id, member_id, uri, sub, sid, due_at, created_at) SELECT lower(hex(randomblob(16))), NEW.tenant_id, NEW.app_id, NEW.member_id, a.logout_uri, NEW.sub, NEW.sid, NEW.ended_at, NEW.ended_at FROM apps a WHERE a.id = NEW.app_id AND a.logout_uri IS NOT NULL AND NEW.client = ''; END;

CREATE TRIGGER member_changes_for_apps AFTER UPDATE OF status, role, agent_mode, user_id, valid_from, ends_at ON members BEGIN INSERT INTO access_changes (tenant_id, member_id) SELECT NEW.tenant_id, NEW.id WHERE EXISTS (SELECT 1 FROM app_grants g WHERE g.tenant_id = NEW.tenant_id AND g.member_id = NEW.id AND g.ended_at IS NULL) AND NOT EXISTS (SELECT 1 FROM access_changes x WHERE x.tenant_id = NEW.tenant_id AND x.member_id = NEW.id); END;
CREATE TRIGGER member_leaves_apps BEFORE DELETE ON members BEGIN UPDATE app_grants SET ended_at = unixepoch() * 1000 WHERE tenant_id = OLD.tenant_id AND member_id = OLD.id AND ended_at IS NULL; END;
CREATE TRIGGER section_is_given_to_a_member AFTER INSERT ON member_sections BEGIN INSERT INTO access_changes (tenant_id, member_id) SELECT NEW.tenant_id, NEW.member_id WHERE EXISTS (SELECT 1 FROM app_grants g WHERE g.tenant_id = NEW.tenant_id AND g.member_id = NEW.member_id AND g.ended_at IS NULL) AND NOT EXISTS (SELECT 1 FROM access_changes x WHERE x.tenant_id = NEW.tenant_id AND x.member_id = NEW.member_id); END;
CREATE TRIGGER section_of_a_member_turns AFTER UPDATE OF access ON member_sections BEGIN INSERT INTO access_changes (tenant_id, member_id) SELECT NEW.tenant_id, NEW.member_id WHERE EXISTS (SELECT 1 FROM app_grants g WHERE g.tenant_id = NEW.tenant_id AND g.member_id = NEW.member_id AND g.ended_at IS NULL) AND NOT EXISTS (SELECT 1 FROM access_changes x WHERE x.tenant_id = NEW.tenant_id AND x.member_id = NEW.member_id); END;
CREATE TRIGGER section_of_a_member_follows AFTER DELETE ON member_sections BEGIN INSERT INTO access_changes (tenant_id, member_id) SELECT OLD.tenant_id, OLD.member_id WHERE EXISTS (SELECT 1 FROM app_grants g WHERE g.tenant_id = OLD.tenant_id AND g.member_id = OLD.member_id AND g.ended_at IS NULL) AND NOT EXISTS (SELECT 1 FROM access_changes x WHERE x.tenant_id = OLD.tenant_id AND x.member_id = OLD.member_id); END;
CREATE TRIGGER agent_of_a_member_goes AFTER DELETE ON member_agents BEGIN INSERT INTO access_changes (tenant_id, member_id) SELECT OLD.tenant_id, OLD.member_id WHERE EXISTS (SELECT 1 FROM app_grants g WHERE g.tenant_id = OLD.tenant_id AND g.member_id = OLD.member_id AND g.ended_at IS NULL) AND NOT EXISTS (SELECT 1 FROM access_changes x WHERE x.tenant_id = OLD.tenant_id AND x.member_id = OLD.member_id); END;
CREATE TRIGGER section_default_is_set AFTER INSERT ON section_defaults BEGIN INSERT INTO access_changes (tenant_id, member_id) SELECT DISTINCT g.tenant_id, g.member_id FROM apps a JOIN app_grants g ON g.app_id = a.id AND g.ended_at IS NULL WHERE a.tenant_id = NEW.tenant_id AND (a.section = NEW.section OR a.agent_id IS NOT NULL AND NEW.section = 'agents') AND NOT EXISTS (SELECT 1 FROM access_changes x WHERE x.tenant_id = g.tenant_id AND x.member_id = g.member_id); END;
CREATE TRIGGER section_default_turns AFTER UPDATE OF access ON section_defaults WHEN OLD.access <> NEW.access BEGIN INSERT INTO access_changes (tenant_id, member_id) SELECT DISTINCT g.tenant_id, g.member_id FROM apps a JOIN app_grants g ON g.app_id = a.id AND g.ended_at IS NULL WHERE a.tenant_id = NEW.tenant_id AND (a.section = NEW.section OR a.agent_id IS NOT NULL AND NEW.section = 'agents') AND NOT EXISTS (SELECT 1 FROM access_changes x WHERE x.tenant_id = g.tenant_id AND x.member_id = g.member_id); END;
CREATE TRIGGER section_default_goes AFTER DELETE ON section_defaults BEGIN INSERT INTO access_changes (tenant_id, member_id) SELECT DISTINCT g.tenant_id, g.member_id FROM apps a JOIN app_grants g ON g.app_id = a.id AND g.ended_at IS NULL WHERE a.tenant_id = OLD.tenant_id AND (a.section = OLD.section OR a.agent_id IS NOT NULL AND OLD.section = 'agents') AND NOT EXISTS (SELECT 1 FROM access_changes x WHERE x.tenant_id = g.tenant_id AND x.member_id = g.member_id); END;
CREATE TRIGGER app_goes BEFORE DELETE ON apps BEGIN UPDATE app_grants SET ended_at = unixepoch() * 1000 WHERE app_id = OLD.id AND ended_at IS NULL; END;
CREATE TRIGGER workspace_is_suspended AFTER UPDATE OF suspended_at ON tenants WHEN OLD.suspended_at IS NULL AND NEW.suspended_at IS NOT NULL BEGIN UPDATE app_grants SET ended_at = unixepoch() * 1000 WHERE tenant_id = NEW.id AND ended_at IS NULL; END;
CREATE TRIGGER session_leaves_apps AFTER DELETE ON sessions BEGIN UPDATE app_grants SET ended_at = unixepoch() * 1000 WHERE user_id = OLD.user_id AND session_id = OLD.id AND offline = 0 AND ended_at IS NULL; END;
CREATE TRIGGER password_ends_apps AFTER UPDATE OF changed_at ON credentials WHEN NEW.kind = 'password' AND NEW.changed_at <> OLD.changed_at BEGIN UPDATE app_grants SET ended_at = unixepoch() * 1000 WHERE user_id = NEW.user_id AND ended_at IS NULL; END;
CREATE TRIGGER lost_factor_ends_apps AFTER UPDATE OF factors ON users WHEN NEW.factors = 0 AND OLD.factors > 0 BEGIN UPDATE app_grants SET ended_at = unixepoch() * 1000 WHERE user_id = NEW.id AND ended_at IS NULL; END;
CREATE TRIGGER app_changes_its_subject AFTER UPDATE OF section, agent_id, for_admins ON apps WHEN OLD.section IS NOT NEW.section OR OLD.agent_id IS NOT NEW.agent_id OR OLD.for_admins <> NEW.for_admins BEGIN INSERT INTO access_changes (tenant_id, member_id) SELECT DISTINCT g.tenant_id, g.member_id FROM app_grants g WHERE g.app_id = NEW.id AND g.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM access_changes x WHERE x.tenant_id = g.tenant_id AND x.member_id = g.member_id); END;
CREATE TRIGGER workspace_rules_change_for_apps AFTER UPDATE OF factor_policy, factor_policy_at, factor_grace_days, metadata_clients ON tenants WHEN OLD.factor_policy <> NEW.factor_policy OR OLD.factor_policy_at <> NEW.factor_policy_at OR OLD.factor_grace_days <> NEW.factor_grace_days OR OLD.metadata_clients <> NEW.metadata_clients BEGIN INSERT INTO access_changes (tenant_id, member_id) SELECT DISTINCT g.tenant_id, g.member_id FROM apps a JOIN app_grants g ON g.app_id = a.id AND g.ended_at IS NULL WHERE a.tenant_id = NEW.id AND NOT EXISTS (SELECT 1 FROM access_changes x WHERE x.tenant_id = g.tenant_id AND x.member_id = g.member_id); END;
CREATE TRIGGER subject_goes AFTER DELETE ON subjects BEGIN UPDATE app_grants SET ended_at = unixepoch() * 1000 WHERE tenant_id = OLD.tenant_id AND user_id = OLD.user_id AND ended_at IS NULL; END;

-- Whether agents of a workspace take clients that name themselves by a metadata document.
ALTER TABLE tenants ADD COLUMN metadata_clients INTEGER NOT NULL DEFAULT 0 CHECK (metadata_clients IN (0, 1));

-- Programs that name themselves by the address of what they say of themselves (client ID metadata documents), as it was read last: where they lead
-- somebody back to. Their name is not kept, since anybody can claim one.
CREATE TABLE metadata_clients (
  id TEXT PRIMARY KEY,
  redirect_uris TEXT NOT NULL CHECK (json_type(redirect_uris) = 'array'),
  read_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX metadata_clients_by_age ON metadata_clients (read_at);

CREATE INDEX app_consents_of_metadata_client ON app_consents (client) WHERE client <> '';

-- Whoever has agreed to such a program has agreed to it as it was: they are asked anew once it leads elsewhere, and once it is not known any more.
CREATE TRIGGER metadata_client_leads_elsewhere AFTER UPDATE OF redirect_uris ON metadata_clients WHEN NEW.redirect_uris <> OLD.redirect_uris BEGIN DELETE FROM app_consents WHERE client = NEW.id AND client <> ''; END;
CREATE TRIGGER metadata_client_is_forgotten AFTER DELETE ON metadata_clients BEGIN DELETE FROM app_consents WHERE client = OLD.id AND client <> ''; END;

-- A workspace that does not take such programs any more takes back what it has let them have.
CREATE TRIGGER metadata_clients_are_refused AFTER UPDATE OF metadata_clients ON tenants WHEN OLD.metadata_clients = 1 AND NEW.metadata_clients = 0 BEGIN UPDATE app_grants SET ended_at = unixepoch() * 1000 WHERE tenant_id = NEW.id AND client <> '' AND ended_at IS NULL; DELETE FROM app_consents WHERE client <> '' AND app_id IN (SELECT id FROM apps WHERE tenant_id = NEW.id AND resource IS NOT NULL); END;

-- Somebody asks the admins for what an app is for. One row for a person and an app, which the next asking takes over, at the earliest a day later.
-- The app may be gone. It waits while its state says so and there still is something to give: src/models/access-requests/waiting.ts
CREATE TABLE access_requests (
  member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  app_id TEXT NOT NULL,
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  state TEXT NOT NULL DEFAULT 'waiting',
  asked_at INTEGER NOT NULL,
  write_nonce TEXT,
  PRIMARY KEY (member_id, app_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX access_requests_by_tenant ON access_requests (tenant_id, state, asked_at, member_id, app_id);

-- What an admin is told that somebody asks for, by the name that it had then.
ALTER TABLE join_notices ADD COLUMN about_app TEXT;
