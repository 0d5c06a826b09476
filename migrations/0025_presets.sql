-- A named set of sections and agents that is given in one go. What it gives becomes the own settings of a person, who remembers which it was.
CREATE TABLE presets (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  name_key TEXT NOT NULL,
  agent_mode TEXT NOT NULL,
  ends_at INTEGER,
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  UNIQUE (tenant_id, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX one_preset_per_name ON presets (tenant_id, name_key);

CREATE TABLE preset_sections (
  tenant_id TEXT NOT NULL,
  preset_id TEXT NOT NULL,
  section TEXT NOT NULL,
  access TEXT NOT NULL,
  PRIMARY KEY (tenant_id, preset_id, section),
  FOREIGN KEY (tenant_id, preset_id) REFERENCES presets (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- Empty while the mode is all.
CREATE TABLE preset_agents (
  tenant_id TEXT NOT NULL,
  preset_id TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, preset_id, agent_id),
  FOREIGN KEY (tenant_id, preset_id) REFERENCES presets (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, agent_id) REFERENCES agents (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX preset_agents_by_agent ON preset_agents (tenant_id, agent_id);

-- Who set what somebody has, and when: unknown of what was set before. What a preset gave has the time at which it was given.
ALTER TABLE members ADD COLUMN preset_id TEXT;
ALTER TABLE members ADD COLUMN preset_given_at INTEGER;
ALTER TABLE members ADD COLUMN agents_by_id TEXT;
ALTER TABLE members ADD COLUMN agents_at INTEGER;
ALTER TABLE member_sections ADD COLUMN by_id TEXT;
ALTER TABLE member_sections ADD COLUMN at INTEGER;
CREATE INDEX members_by_preset ON members (preset_id, email_key) WHERE preset_id IS NOT NULL;
-- As a foreign key would, which an older table cannot have to a younger one: a dump writes the older first.
CREATE TRIGGER preset_leaves_members BEFORE DELETE ON presets BEGIN UPDATE members SET preset_id = NULL WHERE preset_id = OLD.id; END;
