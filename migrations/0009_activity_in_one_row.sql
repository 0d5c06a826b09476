-- Sorted by its primary key an entry needs no other index for its time and id, of what people did to themselves none for who did it, and
-- none for what the nightly job has still to judge: the workspace remembers how far it has come.
CREATE TABLE activity_sorted (
  tenant_id TEXT NOT NULL REFERENCES tenants (id),
  at INTEGER NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  actor_id TEXT,
  actor_name TEXT,
  actor_email TEXT,
  member_id TEXT,
  member_email TEXT,
  before TEXT,
  after TEXT,
  ip TEXT,
  PRIMARY KEY (tenant_id, at, id)
) STRICT, WITHOUT ROWID;

INSERT INTO activity_sorted (tenant_id, at, id, kind, actor_id, actor_name, actor_email, member_id, member_email, before, after, ip)
SELECT tenant_id, at, id, kind, actor_id, actor_name, actor_email, member_id, member_email, before, after, ip FROM activity;

-- No table refers to it.
DROP TABLE activity;
ALTER TABLE activity_sorted RENAME TO activity;

CREATE INDEX activity_by_kind ON activity (tenant_id, kind, at, id);
CREATE INDEX activity_by_member ON activity (tenant_id, member_id, kind, at, id) WHERE member_id IS NOT NULL;
CREATE INDEX activity_by_actor ON activity (tenant_id, actor_id, kind, at, id) WHERE actor_id IS NOT NULL AND actor_id IS NOT member_id;

-- Insert-only. The one change allowed is to forget the address of somebody who never joined.
CREATE TRIGGER activity_is_kept BEFORE DELETE ON activity BEGIN SELECT RAISE(ABORT, 'activity is insert-only'); END;
CREATE TRIGGER activity_is_final BEFORE UPDATE ON activity WHEN NOT (NEW.member_email IS NULL AND NEW.id IS OLD.id AND NEW.tenant_id IS OLD.tenant_id AND NEW.at IS OLD.at AND NEW.kind IS OLD.kind AND NEW.actor_id IS OLD.actor_id AND NEW.actor_name IS OLD.actor_name AND NEW.actor_email IS OLD.actor_email AND NEW.member_id IS OLD.member_id AND NEW.ip IS OLD.ip AND (NEW.before IS OLD.before OR (NEW.before IS NULL AND OLD.kind = 'address_changed')) AND (NEW.after IS OLD.after OR (NEW.after IS NULL AND OLD.kind = 'address_changed'))) BEGIN SELECT RAISE(ABORT, 'activity is insert-only'); END;
-- INSERT OR REPLACE deletes without asking the trigger on DELETE.
CREATE TRIGGER activity_is_new BEFORE INSERT ON activity WHEN EXISTS (SELECT 1 FROM activity WHERE tenant_id = NEW.tenant_id AND at = NEW.at AND id = NEW.id) BEGIN SELECT RAISE(ABORT, 'activity is insert-only'); END;

ALTER TABLE tenants ADD COLUMN addresses_judged_until INTEGER NOT NULL DEFAULT 0;
