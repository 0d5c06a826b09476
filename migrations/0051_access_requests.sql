-- Somebody asks the admins for what an app is for. One row for a person and an app, which the next asking takes over, at the earliest a day later.
-- The app may be gone. It waits while its state says so and there still is something to give: src/models/access-requests/waiting.ts
CREATE TABLE access_requests (
  member_id TEXT NOT NULL REFERENCES members (id) ON DELETE CASCADE,
  app_id TEXT NOT NULL,
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  state TEXT NOT NULL DEFAULT 'waiting',
  asked_at INTEGER NOT NULL,
  write_nonce TEXT,
  PRIMARY KEY (member_id, app_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX access_requests_by_tenant ON access_requests (tenant_id, state, asked_at, member_id, app_id);

-- What an admin is told that somebody asks for, by the name that it had then.
ALTER TABLE join_notices ADD COLUMN about_app TEXT;

-- So that whoever uses a grant finds those of its tokens that have expired, and no other.
DROP INDEX app_tokens_by_grant;
CREATE INDEX app_tokens_by_grant ON app_tokens (grant_id, expires_at);
