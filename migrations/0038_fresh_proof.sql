-- When the person of a session last proved, in it, who they are. What widens a way in asks for a proof that is newer than ten minutes, and signing in is one.
ALTER TABLE sessions ADD COLUMN proved_at INTEGER NOT NULL DEFAULT 0;
