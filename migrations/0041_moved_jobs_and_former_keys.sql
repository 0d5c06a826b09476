-- When a job last took a step or, where it waits for a day to come, that day: a job is given up by how long it has been stuck, not by its age.
ALTER TABLE jobs ADD COLUMN moved_at INTEGER;

-- Whether the search key of somebody who has left is one of the Worker or, as of those who left before 0036, one that SQL made, which knows only the
-- letters of ASCII. The Worker writes those anew.
ALTER TABLE former_people ADD COLUMN search_form INTEGER NOT NULL DEFAULT 0;
CREATE INDEX former_people_to_key ON former_people (tenant_id) WHERE search_form = 0;
DROP TRIGGER member_is_remembered;
CREATE TRIGGER member_is_remembered BEFORE DELETE ON members WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE tenant_id = OLD.tenant_id) AND EXISTS (SELECT 1 FROM activity WHERE tenant_id = OLD.tenant_id AND member_id = OLD.id AND kind > '' AND member_email > '') BEGIN INSERT OR IGNORE INTO former_people (tenant_id, member_id, email, name, search_key, search_form) VALUES (OLD.tenant_id, OLD.id, OLD.email, coalesce((SELECT u.name FROM users u WHERE u.id = OLD.user_id), OLD.invited_name), OLD.search_key, OLD.search_form); END;
CREATE TRIGGER former_person_leaves_key BEFORE UPDATE OF search_key ON former_people BEGIN DELETE FROM former_pieces WHERE (tenant_id, piece, member_id) IN (SELECT tenant_id, piece, member_id FROM former_parts WHERE tenant_id = OLD.tenant_id AND member_id = OLD.member_id); END;
CREATE TRIGGER former_person_gets_key AFTER UPDATE OF search_key ON former_people BEGIN INSERT OR IGNORE INTO former_pieces (tenant_id, piece, member_id) SELECT tenant_id, piece, member_id FROM former_parts WHERE tenant_id = NEW.tenant_id AND member_id = NEW.member_id; END;
