-- A section without a row follows the default of the workspace.
CREATE TABLE member_sections (
  tenant_id TEXT NOT NULL,
  member_id TEXT NOT NULL,
  section TEXT NOT NULL,
  access TEXT NOT NULL,
  PRIMARY KEY (tenant_id, member_id, section),
  FOREIGN KEY (tenant_id, member_id) REFERENCES members (tenant_id, id) ON DELETE CASCADE
) STRICT;

CREATE TABLE agents (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  name TEXT NOT NULL COLLATE NOCASE CHECK (length(name) BETWEEN 1 AND 80),
  description TEXT NOT NULL CHECK (length(description) <= 500),
  framework TEXT NOT NULL CHECK (length(framework) <= 80),
  deployment TEXT NOT NULL CHECK (length(deployment) <= 80),
  url TEXT,
  tags TEXT NOT NULL CHECK (json_type(tags) = 'array'),
  live INTEGER NOT NULL CHECK (live IN (0, 1)),
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  UNIQUE (tenant_id, id)
) STRICT;

CREATE INDEX agents_by_name ON agents (tenant_id, name, id);

-- The list of somebody whose mode is a list. It is kept while their mode is all, and takes no part then.
CREATE TABLE member_agents (
  tenant_id TEXT NOT NULL,
  member_id TEXT NOT NULL,
  agent_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, member_id, agent_id),
  FOREIGN KEY (tenant_id, member_id) REFERENCES members (tenant_id, id) ON DELETE CASCADE,
  FOREIGN KEY (tenant_id, agent_id) REFERENCES agents (tenant_id, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX member_agents_by_agent ON member_agents (tenant_id, agent_id);
