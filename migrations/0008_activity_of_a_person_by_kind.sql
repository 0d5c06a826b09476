-- Entries of a person are looked for by kind, so that a thousand sign-ins are not read to find one change of a role.
-- An entry writes one row of an index less than before, and another less where it is about nobody.
DROP INDEX activity_by_time;
DROP INDEX activity_by_member;
DROP INDEX activity_by_actor;
CREATE INDEX activity_by_member ON activity (tenant_id, member_id, kind, at, id) WHERE member_id IS NOT NULL;
CREATE INDEX activity_by_actor ON activity (tenant_id, actor_id, kind, at, id) WHERE actor_id IS NOT NULL;
