-- A change that its admin can take back until expires_at, once.
CREATE TABLE undos (
  id TEXT PRIMARY KEY,
  tenant_id TEXT NOT NULL,
  admin_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  undone_at INTEGER,
  FOREIGN KEY (tenant_id, admin_id) REFERENCES members (tenant_id, id) ON DELETE CASCADE
) STRICT;

CREATE INDEX undos_by_admin ON undos (tenant_id, admin_id);
CREATE INDEX undos_by_expiry ON undos (expires_at);

-- What each thing was and what the change made of it. It is taken back only where it still is what the change made of it.
-- subject is the member, or empty for the workspace itself.
CREATE TABLE undo_values (
  undo_id TEXT NOT NULL REFERENCES undos (id) ON DELETE CASCADE,
  subject TEXT NOT NULL,
  field TEXT NOT NULL,
  was TEXT NOT NULL,
  became TEXT NOT NULL,
  PRIMARY KEY (undo_id, subject, field)
) STRICT, WITHOUT ROWID;
