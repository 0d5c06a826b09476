-- Whether the person behind a member has a second factor, as users.factors says: kept by the triggers below, so that the user table finds who has
-- none and nobody has to write it.
ALTER TABLE members ADD COLUMN has_factor INTEGER NOT NULL DEFAULT 0;
UPDATE members SET has_factor = 1 WHERE user_id IN (SELECT id FROM users WHERE factors > 0);
CREATE INDEX members_without_factor ON members (tenant_id, role, email_key) WHERE status = 'active' AND has_factor = 0;
CREATE TRIGGER user_protects_members AFTER UPDATE OF factors ON users WHEN (NEW.factors > 0) <> (OLD.factors > 0) BEGIN UPDATE members SET has_factor = NEW.factors > 0 WHERE user_id = NEW.id; END;
CREATE TRIGGER member_comes_protected AFTER INSERT ON members WHEN NEW.has_factor <> coalesce((SELECT factors > 0 FROM users WHERE id = NEW.user_id), 0) BEGIN UPDATE members SET has_factor = NOT NEW.has_factor WHERE id = NEW.id; END;
CREATE TRIGGER member_is_protected AFTER UPDATE OF user_id ON members WHEN NEW.has_factor <> coalesce((SELECT factors > 0 FROM users WHERE id = NEW.user_id), 0) BEGIN UPDATE members SET has_factor = NOT NEW.has_factor WHERE id = NEW.id; END;

-- Of the people of a status and role, how many have none. The three triggers of before count it as well, and one more where only that changes.
-- Which of the triggers of a change comes first is not said: each adds or takes away what it knows.
ALTER TABLE member_counts ADD COLUMN lacking INTEGER NOT NULL DEFAULT 0;
UPDATE member_counts SET lacking = (SELECT count(*) FROM members m WHERE m.tenant_id = member_counts.tenant_id AND m.status = member_counts.status AND m.role = member_counts.role AND m.has_factor = 0);
DROP TRIGGER member_comes;
DROP TRIGGER member_changes;
DROP TRIGGER member_goes;
CREATE TRIGGER member_comes AFTER INSERT ON members BEGIN INSERT INTO member_counts (tenant_id, status, role, people, lacking) VALUES (NEW.tenant_id, NEW.status, NEW.role, 1, NOT NEW.has_factor) ON CONFLICT (tenant_id, status, role) DO UPDATE SET people = people + 1, lacking = lacking + excluded.lacking; END;
CREATE TRIGGER member_changes AFTER UPDATE OF tenant_id, status, role ON members WHEN (NEW.tenant_id, NEW.status, NEW.role) IS NOT (OLD.tenant_id, OLD.status, OLD.role) BEGIN UPDATE member_counts SET people = people - 1, lacking = lacking - NOT OLD.has_factor WHERE tenant_id = OLD.tenant_id AND status = OLD.status AND role = OLD.role; INSERT INTO member_counts (tenant_id, status, role, people, lacking) VALUES (NEW.tenant_id, NEW.status, NEW.role, 1, NOT OLD.has_factor) ON CONFLICT (tenant_id, status, role) DO UPDATE SET people = people + 1, lacking = lacking + excluded.lacking; END;
CREATE TRIGGER member_goes AFTER DELETE ON members BEGIN UPDATE member_counts SET people = people - 1, lacking = lacking - NOT OLD.has_factor WHERE tenant_id = OLD.tenant_id AND status = OLD.status AND role = OLD.role; END;
CREATE TRIGGER member_turns_protected AFTER UPDATE OF has_factor ON members WHEN NEW.has_factor <> OLD.has_factor BEGIN INSERT INTO member_counts (tenant_id, status, role, people, lacking) VALUES (NEW.tenant_id, NEW.status, NEW.role, 0, OLD.has_factor - NEW.has_factor) ON CONFLICT (tenant_id, status, role) DO UPDATE SET lacking = lacking + excluded.lacking; END;

-- Whom the Cron is to remind of the second factor that their workspace asks for, and when: one member, or with an empty member_id everybody who
-- has none, whom it goes through as far as place.
CREATE TABLE factor_reminders (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  member_id TEXT NOT NULL,
  stage TEXT NOT NULL,
  due_at INTEGER NOT NULL,
  place TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, member_id, stage)
) STRICT, WITHOUT ROWID;
CREATE INDEX factor_reminders_due ON factor_reminders (due_at);
-- Whoever begins to be asked later than everybody else, by joining, by becoming an admin or by being enabled: a week before their grace ends.
CREATE TRIGGER member_comes_to_be_reminded AFTER INSERT ON members WHEN NEW.status = 'active' BEGIN INSERT OR REPLACE INTO factor_reminders (tenant_id, member_id, stage, due_at) SELECT t.id, NEW.id, 'ends', max(unixepoch() * 1000, max(t.factor_policy_at, coalesce(NEW.joined_at, 0)) + (t.factor_grace_days - 7) * 86400000) FROM tenants t WHERE t.id = NEW.tenant_id AND (t.factor_policy = 'everybody' OR t.factor_policy = 'admins' AND NEW.role = 'admin'); END;
CREATE TRIGGER member_turns_to_be_reminded AFTER UPDATE OF status, role ON members WHEN NEW.status = 'active' AND (NEW.status, NEW.role) IS NOT (OLD.status, OLD.role) BEGIN INSERT OR REPLACE INTO factor_reminders (tenant_id, member_id, stage, due_at) SELECT t.id, NEW.id, 'ends', max(unixepoch() * 1000, max(t.factor_policy_at, coalesce(NEW.joined_at, 0)) + (t.factor_grace_days - 7) * 86400000) FROM tenants t WHERE t.id = NEW.tenant_id AND (t.factor_policy = 'everybody' AND OLD.status <> 'active' OR t.factor_policy = 'admins' AND NEW.role = 'admin'); END;
CREATE TRIGGER member_leaves_reminders BEFORE DELETE ON members BEGIN DELETE FROM factor_reminders WHERE tenant_id = OLD.tenant_id AND member_id = OLD.id; END;
