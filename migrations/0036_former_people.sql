-- Whom the log names and the workspace no longer has, so that their entries are found by name and address: of each the last state, kept by the
-- triggers. Whoever the log forgets is forgotten here.
CREATE TABLE former_people (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  member_id TEXT NOT NULL,
  email TEXT NOT NULL,
  name TEXT,
  search_key TEXT NOT NULL,
  PRIMARY KEY (tenant_id, member_id)
) STRICT, WITHOUT ROWID;

-- What they are found by, as in search_pieces. The domain is one of the pieces, since no other table has it.
CREATE TABLE former_pieces (
  tenant_id TEXT NOT NULL,
  piece TEXT NOT NULL,
  member_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, piece, member_id)
) STRICT, WITHOUT ROWID;

CREATE VIEW former_parts AS
SELECT tenant_id, member_id, piece FROM (
  SELECT w.tenant_id, w.member_id, iif(p.key = 0, substr(' ' || w.word, 1, 16), substr(w.word, p.key + 1, 16)) AS piece
  FROM (
    SELECT f.tenant_id, f.member_id, w.value AS word, instr(w.value, '@') AS at
    FROM former_people f, json_each('[' || replace(json_quote(f.search_key), ' ', '","') || ']') w WHERE w.value <> ''
  ) w, json_each('[0' || replace(hex(zeroblob(iif(w.at > 0, w.at, length(w.word) - 1))), '00', ',0') || ']') p
)
WHERE piece GLOB ' *' OR length(piece) > 1 AND length(CAST(piece AS BLOB)) > 2;

CREATE TRIGGER former_person_is_found AFTER INSERT ON former_people BEGIN INSERT OR IGNORE INTO former_pieces (tenant_id, piece, member_id) SELECT tenant_id, piece, member_id FROM former_parts WHERE tenant_id = NEW.tenant_id AND member_id = NEW.member_id; END;
CREATE TRIGGER former_person_is_not_found BEFORE DELETE ON former_people BEGIN DELETE FROM former_pieces WHERE (tenant_id, piece, member_id) IN (SELECT tenant_id, piece, member_id FROM former_parts WHERE tenant_id = OLD.tenant_id AND member_id = OLD.member_id); END;

-- Whoever the log has forgotten already, and a workspace that is being erased, need nothing here. The kind leads SQLite to activity_by_member.
CREATE TRIGGER member_is_remembered BEFORE DELETE ON members WHEN NOT EXISTS (SELECT 1 FROM erasures WHERE tenant_id = OLD.tenant_id) AND EXISTS (SELECT 1 FROM activity WHERE tenant_id = OLD.tenant_id AND member_id = OLD.id AND kind > '' AND member_email > '') BEGIN INSERT OR IGNORE INTO former_people (tenant_id, member_id, email, name, search_key) VALUES (OLD.tenant_id, OLD.id, OLD.email, coalesce((SELECT u.name FROM users u WHERE u.id = OLD.user_id), OLD.invited_name), OLD.search_key); END;
CREATE TRIGGER former_person_is_forgotten AFTER UPDATE OF member_email ON activity WHEN NEW.member_email IS NOT OLD.member_email BEGIN DELETE FROM former_people WHERE tenant_id = NEW.tenant_id AND member_id = NEW.member_id; END;

-- Those who left before, by what the log says of it.
INSERT OR IGNORE INTO former_people (tenant_id, member_id, email, name, search_key)
SELECT a.tenant_id, a.member_id, a.member_email, a.member_name, ' ' || lower(a.member_email) || coalesce(' ' || lower(a.member_name), '')
FROM activity a WHERE a.kind IN ('cancelled', 'declined', 'deleted', 'left') AND a.member_email > '' AND NOT EXISTS (SELECT 1 FROM members m WHERE m.id = a.member_id)
ORDER BY a.at DESC;
