-- How many people a workspace may have, from the operator. Without a number there is no limit.
ALTER TABLE tenants ADD COLUMN seats INTEGER CHECK (seats > 0);

-- The domains whose addresses may be invited, in ASCII and lower case. Without any, all may.
CREATE TABLE allowed_domains (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  domain TEXT NOT NULL CHECK (length(domain) BETWEEN 1 AND 253),
  PRIMARY KEY (tenant_id, domain)
) STRICT, WITHOUT ROWID;
