-- Who did what to whom. Names and addresses are snapshots, so that an entry outlives the people in it.
CREATE TABLE activity (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  actor_id TEXT,
  actor_name TEXT,
  actor_email TEXT,
  member_id TEXT,
  member_email TEXT,
  before TEXT,
  after TEXT,
  ip TEXT
) STRICT;

CREATE INDEX activity_by_time ON activity (tenant_id, at, id);
CREATE INDEX activity_by_kind ON activity (tenant_id, kind, at, id);
CREATE INDEX activity_by_member ON activity (tenant_id, member_id, at, id);
CREATE INDEX activity_by_actor ON activity (tenant_id, actor_id, at, id);
CREATE INDEX activity_addresses ON activity (tenant_id, at) WHERE member_email IS NOT NULL;

-- Insert-only. The one change allowed is to forget the address of somebody who never joined.
CREATE TRIGGER activity_is_kept BEFORE DELETE ON activity BEGIN SELECT RAISE(ABORT, 'activity is insert-only'); END;
CREATE TRIGGER activity_is_final BEFORE UPDATE ON activity WHEN NOT (NEW.member_email IS NULL AND NEW.id IS OLD.id AND NEW.tenant_id IS OLD.tenant_id AND NEW.at IS OLD.at AND NEW.kind IS OLD.kind AND NEW.actor_id IS OLD.actor_id AND NEW.actor_name IS OLD.actor_name AND NEW.actor_email IS OLD.actor_email AND NEW.member_id IS OLD.member_id AND NEW.ip IS OLD.ip AND (NEW.before IS OLD.before OR (NEW.before IS NULL AND OLD.kind = 'address_changed')) AND (NEW.after IS OLD.after OR (NEW.after IS NULL AND OLD.kind = 'address_changed'))) BEGIN SELECT RAISE(ABORT, 'activity is insert-only'); END;
-- INSERT OR REPLACE deletes without asking the trigger on DELETE.
CREATE TRIGGER activity_is_new BEFORE INSERT ON activity WHEN EXISTS (SELECT 1 FROM activity WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'activity is insert-only'); END;
