-- Whether the answer to an invitation goes to whoever sent it.
ALTER TABLE tenants ADD COLUMN reply_to_inviter INTEGER NOT NULL DEFAULT 1;
