-- When the membership of somebody ends, by the clock. An admin has no end. end_warn_at is when both sides are warned of it, emptied by the
-- Cron that has done so.
ALTER TABLE members ADD COLUMN ends_at INTEGER CHECK (ends_at IS NULL OR role <> 'admin');
ALTER TABLE members ADD COLUMN end_warn_at INTEGER;

-- Who is past their end before the Cron has moved their status, and who is about to be.
CREATE INDEX members_ending ON members (tenant_id, ends_at) WHERE status = 'active' AND ends_at IS NOT NULL;
-- Somebody is due once at a time: for the warning, and then for the end itself.
CREATE INDEX members_due ON members (end_warn_at IS NULL, coalesce(end_warn_at, ends_at)) WHERE status = 'active' AND ends_at IS NOT NULL;
