-- The log of a workspace may be deleted while the workspace is named here, by the command of an operator that erases it.
CREATE TABLE erasures (
  tenant_id TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

DROP TRIGGER activity_is_kept;
CREATE TRIGGER activity_is_kept BEFORE DELETE ON activity WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE tenant_id = OLD.tenant_id) BEGIN SELECT RAISE(ABORT, 'activity is insert-only'); END;

-- An entry may lose who it was: the address of somebody who never joined as NULL, of an erased person as no characters. Name, address and IP of
-- whoever did it go together or not at all.
DROP TRIGGER activity_is_final;
CREATE TRIGGER activity_is_final BEFORE UPDATE ON activity WHEN NOT (NEW.id IS OLD.id AND NEW.tenant_id IS OLD.tenant_id AND NEW.at IS OLD.at AND NEW.kind IS OLD.kind AND NEW.actor_id IS OLD.actor_id AND NEW.member_id IS OLD.member_id AND (NEW.member_email IS OLD.member_email OR NEW.member_email IS NULL OR (NEW.member_email = '' AND OLD.member_email IS NOT NULL)) AND ((NEW.actor_name IS OLD.actor_name AND NEW.actor_email IS OLD.actor_email AND NEW.ip IS OLD.ip) OR (NEW.actor_name = '' AND NEW.actor_email IS NULL AND NEW.ip IS NULL)) AND (NEW.before IS OLD.before OR (NEW.before IS NULL AND OLD.kind IN ('address_changed', 'renamed'))) AND (NEW.after IS OLD.after OR (NEW.after IS NULL AND OLD.kind IN ('address_changed', 'renamed')))) BEGIN SELECT RAISE(ABORT, 'activity is insert-only'); END;

-- Since when an account belongs nowhere, kept by the triggers. After 90 days it is erased.
ALTER TABLE users ADD COLUMN alone_since INTEGER;
UPDATE users SET alone_since = unixepoch() * 1000 WHERE NOT EXISTS (SELECT 1 FROM members m WHERE m.user_id = users.id);
CREATE INDEX users_alone ON users (alone_since) WHERE alone_since IS NOT NULL;
CREATE TRIGGER user_is_alone AFTER DELETE ON members WHEN OLD.user_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM members WHERE user_id = OLD.user_id) BEGIN UPDATE users SET alone_since = unixepoch() * 1000 WHERE id = OLD.user_id; END;
CREATE TRIGGER user_joins AFTER INSERT ON members WHEN NEW.user_id IS NOT NULL BEGIN UPDATE users SET alone_since = NULL WHERE id = NEW.user_id AND alone_since IS NOT NULL; END;
CREATE TRIGGER user_is_joined AFTER UPDATE OF user_id ON members WHEN NEW.user_id IS NOT NULL BEGIN UPDATE users SET alone_since = NULL WHERE id = NEW.user_id AND alone_since IS NOT NULL; END;
