-- What an app is told of a sign-out names the client that it is told to, and for the workspace the member.
ALTER TABLE app_logouts ADD COLUMN client TEXT NOT NULL DEFAULT '';
ALTER TABLE app_logouts ADD COLUMN member_id TEXT NOT NULL DEFAULT '';

-- When the clock alone may end a grant: its session, its 30 days unused or the days of grace are over by then, or it has never been looked at.
ALTER TABLE app_grants ADD COLUMN look_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX app_grants_to_look_at ON app_grants (look_at) WHERE ended_at IS NULL;

-- The grants that the door would give now: the active member, with a session that counts (idle for less than 30 minutes, as SESSION in src/limits.ts,
-- or none needed for 30 days), with the second factor that the workspace asks for, who may see what the app is for. An agent is seen by whoever has the
-- section of the agents. It says no less and no more than grantBehind and answerOf of src/models/apps, which test/app-answer.test.ts holds it to.
DROP TRIGGER access_settles;
DROP VIEW standing_app_grants;
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
CREATE TRIGGER access_settles AFTER DELETE ON access_changes BEGIN UPDATE app_grants SET ended_at = unixepoch() * 1000 WHERE tenant_id = OLD.tenant_id AND member_id = OLD.member_id AND ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM standing_app_grants x WHERE x.id = app_grants.id); UPDATE app_grants SET look_at = 0 WHERE tenant_id = OLD.tenant_id AND member_id = OLD.member_id AND ended_at IS NULL AND look_at > 0; END;

-- An app is told where it can be reached by now.
DROP TRIGGER app_grant_ends;
CREATE TRIGGER app_grant_ends AFTER UPDATE OF ended_at ON app_grants WHEN OLD.ended_at IS NULL AND NEW.ended_at IS NOT NULL BEGIN DELETE FROM app_tokens WHERE grant_id = NEW.id; INSERT INTO app_logouts (id, tenant_id, app_id, client, member_id, uri, sub, sid, due_at, created_at) SELECT lower(hex(randomblob(16))), NEW.tenant_id, NEW.app_id, NEW.client, NEW.member_id, w.uri, NEW.sub, NEW.sid, NEW.ended_at, NEW.ended_at FROM (SELECT iif(NEW.client = '', (SELECT a.logout_uri FROM apps a WHERE a.id = NEW.app_id), NEW.logout_uri) AS uri) w WHERE w.uri IS NOT NULL; END;

-- A trigger has the conflict clause of the statement that it is part of, so none of these says OR IGNORE: they leave no conflict.
DROP TRIGGER app_grant_begins;
DROP TRIGGER member_changes_for_apps;
DROP TRIGGER section_is_given_to_a_member;
DROP TRIGGER section_of_a_member_turns;
DROP TRIGGER section_of_a_member_follows;
DROP TRIGGER agent_of_a_member_goes;
DROP TRIGGER section_default_is_set;
DROP TRIGGER section_default_turns;
DROP TRIGGER section_default_goes;
CREATE TRIGGER app_grant_begins AFTER INSERT ON app_grants BEGIN INSERT INTO access_changes (tenant_id, member_id) SELECT NEW.tenant_id, NEW.member_id WHERE EXISTS (SELECT 1 FROM app_grants g WHERE g.tenant_id = NEW.tenant_id AND g.member_id = NEW.member_id AND g.ended_at IS NULL) AND NOT EXISTS (SELECT 1 FROM access_changes x WHERE x.tenant_id = NEW.tenant_id AND x.member_id = NEW.member_id); END;
CREATE TRIGGER member_changes_for_apps AFTER UPDATE OF status, role, agent_mode, user_id, valid_from, ends_at ON members BEGIN INSERT INTO access_changes (tenant_id, member_id) SELECT NEW.tenant_id, NEW.id WHERE EXISTS (SELECT 1 FROM app_grants g WHERE g.tenant_id = NEW.tenant_id AND g.member_id = NEW.id AND g.ended_at IS NULL) AND NOT EXISTS (SELECT 1 FROM access_changes x WHERE x.tenant_id = NEW.tenant_id AND x.member_id = NEW.id); END;
CREATE TRIGGER section_is_given_to_a_member AFTER INSERT ON member_sections BEGIN INSERT INTO access_changes (tenant_id, member_id) SELECT NEW.tenant_id, NEW.member_id WHERE EXISTS (SELECT 1 FROM app_grants g WHERE g.tenant_id = NEW.tenant_id AND g.member_id = NEW.member_id AND g.ended_at IS NULL) AND NOT EXISTS (SELECT 1 FROM access_changes x WHERE x.tenant_id = NEW.tenant_id AND x.member_id = NEW.member_id); END;
CREATE TRIGGER section_of_a_member_turns AFTER UPDATE OF access ON member_sections BEGIN INSERT INTO access_changes (tenant_id, member_id) SELECT NEW.tenant_id, NEW.member_id WHERE EXISTS (SELECT 1 FROM app_grants g WHERE g.tenant_id = NEW.tenant_id AND g.member_id = NEW.member_id AND g.ended_at IS NULL) AND NOT EXISTS (SELECT 1 FROM access_changes x WHERE x.tenant_id = NEW.tenant_id AND x.member_id = NEW.member_id); END;
CREATE TRIGGER section_of_a_member_follows AFTER DELETE ON member_sections BEGIN INSERT INTO access_changes (tenant_id, member_id) SELECT OLD.tenant_id, OLD.member_id WHERE EXISTS (SELECT 1 FROM app_grants g WHERE g.tenant_id = OLD.tenant_id AND g.member_id = OLD.member_id AND g.ended_at IS NULL) AND NOT EXISTS (SELECT 1 FROM access_changes x WHERE x.tenant_id = OLD.tenant_id AND x.member_id = OLD.member_id); END;
CREATE TRIGGER agent_of_a_member_goes AFTER DELETE ON member_agents BEGIN INSERT INTO access_changes (tenant_id, member_id) SELECT OLD.tenant_id, OLD.member_id WHERE EXISTS (SELECT 1 FROM app_grants g WHERE g.tenant_id = OLD.tenant_id AND g.member_id = OLD.member_id AND g.ended_at IS NULL) AND NOT EXISTS (SELECT 1 FROM access_changes x WHERE x.tenant_id = OLD.tenant_id AND x.member_id = OLD.member_id); END;
CREATE TRIGGER section_default_is_set AFTER INSERT ON section_defaults BEGIN INSERT INTO access_changes (tenant_id, member_id) SELECT DISTINCT g.tenant_id, g.member_id FROM apps a JOIN app_grants g ON g.app_id = a.id AND g.ended_at IS NULL WHERE a.tenant_id = NEW.tenant_id AND (a.section = NEW.section OR a.agent_id IS NOT NULL AND NEW.section = 'agents') AND NOT EXISTS (SELECT 1 FROM access_changes x WHERE x.tenant_id = g.tenant_id AND x.member_id = g.member_id); END;
CREATE TRIGGER section_default_turns AFTER UPDATE OF access ON section_defaults WHEN OLD.access <> NEW.access BEGIN INSERT INTO access_changes (tenant_id, member_id) SELECT DISTINCT g.tenant_id, g.member_id FROM apps a JOIN app_grants g ON g.app_id = a.id AND g.ended_at IS NULL WHERE a.tenant_id = NEW.tenant_id AND (a.section = NEW.section OR a.agent_id IS NOT NULL AND NEW.section = 'agents') AND NOT EXISTS (SELECT 1 FROM access_changes x WHERE x.tenant_id = g.tenant_id AND x.member_id = g.member_id); END;
CREATE TRIGGER section_default_goes AFTER DELETE ON section_defaults BEGIN INSERT INTO access_changes (tenant_id, member_id) SELECT DISTINCT g.tenant_id, g.member_id FROM apps a JOIN app_grants g ON g.app_id = a.id AND g.ended_at IS NULL WHERE a.tenant_id = OLD.tenant_id AND (a.section = OLD.section OR a.agent_id IS NOT NULL AND OLD.section = 'agents') AND NOT EXISTS (SELECT 1 FROM access_changes x WHERE x.tenant_id = g.tenant_id AND x.member_id = g.member_id); END;
CREATE TRIGGER app_changes_its_subject AFTER UPDATE OF section, agent_id, for_admins ON apps WHEN OLD.section IS NOT NEW.section OR OLD.agent_id IS NOT NEW.agent_id OR OLD.for_admins <> NEW.for_admins BEGIN INSERT INTO access_changes (tenant_id, member_id) SELECT DISTINCT g.tenant_id, g.member_id FROM app_grants g WHERE g.app_id = NEW.id AND g.ended_at IS NULL AND NOT EXISTS (SELECT 1 FROM access_changes x WHERE x.tenant_id = g.tenant_id AND x.member_id = g.member_id); END;
CREATE TRIGGER workspace_rules_change_for_apps AFTER UPDATE OF factor_policy, factor_policy_at, factor_grace_days, metadata_clients ON tenants WHEN OLD.factor_policy <> NEW.factor_policy OR OLD.factor_policy_at <> NEW.factor_policy_at OR OLD.factor_grace_days <> NEW.factor_grace_days OR OLD.metadata_clients <> NEW.metadata_clients BEGIN INSERT INTO access_changes (tenant_id, member_id) SELECT DISTINCT g.tenant_id, g.member_id FROM apps a JOIN app_grants g ON g.app_id = a.id AND g.ended_at IS NULL WHERE a.tenant_id = NEW.id AND NOT EXISTS (SELECT 1 FROM access_changes x WHERE x.tenant_id = g.tenant_id AND x.member_id = g.member_id); END;
CREATE TRIGGER subject_goes AFTER DELETE ON subjects BEGIN UPDATE app_grants SET ended_at = unixepoch() * 1000 WHERE tenant_id = OLD.tenant_id AND user_id = OLD.user_id AND ended_at IS NULL; END;
