-- A workspace. Its id is what stands in its URLs, so it never changes, and table slugs keeps it from being given again.
CREATE TABLE tenants (
  id TEXT PRIMARY KEY CHECK (id GLOB '[a-z0-9]*' AND id NOT GLOB '*[^a-z0-9-]*' AND length(id) <= 40),
  name TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
  invitation_lifetime_ms INTEGER NOT NULL DEFAULT 259200000 CHECK (invitation_lifetime_ms BETWEEN 3600000 AND 2592000000),
  default_agent_mode TEXT NOT NULL DEFAULT 'all',
  address_retention_ms INTEGER NOT NULL DEFAULT 7776000000 CHECK (address_retention_ms BETWEEN 86400000 AND 31536000000),
  reminders INTEGER NOT NULL DEFAULT 1 CHECK (reminders IN (0, 1)),
  version INTEGER NOT NULL DEFAULT 1,
  suspended_at INTEGER,
  created_at INTEGER NOT NULL
) STRICT;

-- Every slug that was ever given. It outlives its workspace.
CREATE TABLE slugs (
  slug TEXT PRIMARY KEY
) STRICT;

CREATE TRIGGER slug_is_kept AFTER INSERT ON tenants BEGIN INSERT INTO slugs (slug) VALUES (NEW.id); END;
CREATE TRIGGER slug_is_final BEFORE UPDATE OF id ON tenants WHEN NEW.id IS NOT OLD.id BEGIN SELECT RAISE(ABORT, 'a slug never changes'); END;

-- The first row of the Permission Matrix. A section without a row is on.
CREATE TABLE section_defaults (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  section TEXT NOT NULL,
  access TEXT NOT NULL,
  PRIMARY KEY (tenant_id, section)
) STRICT;

CREATE TABLE section_urls (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  section TEXT NOT NULL,
  url TEXT NOT NULL,
  PRIMARY KEY (tenant_id, section)
) STRICT;

-- Who may create the first workspace: the holder of the link that the deploy command printed last.
CREATE TABLE setup_tokens (
  token_hash TEXT PRIMARY KEY CHECK (length(token_hash) = 64),
  expires_at INTEGER NOT NULL
) STRICT;
