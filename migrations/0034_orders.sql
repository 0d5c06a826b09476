-- What the user table is sorted by, read from what is kept anyway: who writes a search_key or a time, also the release before this one, keeps it.
-- A search_key is the address, of another script a second time with the domain in its other form, and then the name.
ALTER TABLE members ADD COLUMN after_address TEXT GENERATED ALWAYS AS (substr(search_key, 1 + instr(substr(search_key, 2) || ' ', ' '))) VIRTUAL;
ALTER TABLE members ADD COLUMN key_of_name TEXT GENERATED ALWAYS AS (iif(substr(after_address, 1, instr(search_key, '@')) = substr(search_key, 1, instr(search_key, '@')), substr(after_address, 1 + instr(substr(after_address, 2) || ' ', ' ')), after_address)) VIRTUAL;
-- Of somebody without a name it is the address. It is in the URL of a page that begins after it, and therefore short.
ALTER TABLE members ADD COLUMN sort_name TEXT GENERATED ALWAYS AS (substr(iif(key_of_name = '', substr(search_key, 1, length(search_key) - length(after_address)), key_of_name), 2, 50)) VIRTUAL;
ALTER TABLE members ADD COLUMN seen_at INTEGER GENERATED ALWAYS AS (coalesce(last_active_at, joined_at, 0)) VIRTUAL;

-- Of one status and role each order is a range of its index, and any filter is a few such ranges.
DROP INDEX members_by_status;
CREATE INDEX members_by_status_and_role ON members (tenant_id, status, role, email_key);
CREATE INDEX members_by_name ON members (tenant_id, status, role, sort_name, email_key);
CREATE INDEX members_by_visit ON members (tenant_id, status, role, seen_at, email_key) WHERE joined_at IS NOT NULL;
CREATE INDEX members_by_arrival ON members (tenant_id, status, role, created_at, email_key);
