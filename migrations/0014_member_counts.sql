-- How many people a workspace has of each status and role, kept by the triggers, so that no page counts them.
CREATE TABLE member_counts (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  status TEXT NOT NULL,
  role TEXT NOT NULL,
  people INTEGER NOT NULL CHECK (people >= 0),
  PRIMARY KEY (tenant_id, status, role)
) STRICT, WITHOUT ROWID;

INSERT INTO member_counts (tenant_id, status, role, people) SELECT tenant_id, status, role, count(*) FROM members GROUP BY tenant_id, status, role;

CREATE TRIGGER member_comes AFTER INSERT ON members BEGIN INSERT INTO member_counts (tenant_id, status, role, people) VALUES (NEW.tenant_id, NEW.status, NEW.role, 1) ON CONFLICT (tenant_id, status, role) DO UPDATE SET people = people + 1; END;
CREATE TRIGGER member_changes AFTER UPDATE OF tenant_id, status, role ON members WHEN (NEW.tenant_id, NEW.status, NEW.role) IS NOT (OLD.tenant_id, OLD.status, OLD.role) BEGIN UPDATE member_counts SET people = people - 1 WHERE tenant_id = OLD.tenant_id AND status = OLD.status AND role = OLD.role; INSERT INTO member_counts (tenant_id, status, role, people) VALUES (NEW.tenant_id, NEW.status, NEW.role, 1) ON CONFLICT (tenant_id, status, role) DO UPDATE SET people = people + 1; END;
CREATE TRIGGER member_goes AFTER DELETE ON members BEGIN UPDATE member_counts SET people = people - 1 WHERE tenant_id = OLD.tenant_id AND status = OLD.status AND role = OLD.role; END;
