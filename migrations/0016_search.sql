-- What a person or an agent is found by: their words, folded by the Worker (models/core/search-key.ts), those of a person each behind a space.
-- Where search_form is 0 the key is only what SQL can make of it, and a Cron of the Worker replaces it.
ALTER TABLE members ADD COLUMN search_key TEXT NOT NULL DEFAULT '';
ALTER TABLE members ADD COLUMN search_form INTEGER NOT NULL DEFAULT 0;
ALTER TABLE agents ADD COLUMN search_key TEXT NOT NULL DEFAULT '';
ALTER TABLE agents ADD COLUMN search_form INTEGER NOT NULL DEFAULT 0;
UPDATE members SET search_key = ' ' || email_key || coalesce((SELECT ' ' || lower(u.name) FROM users u WHERE u.id = members.user_id), '');
UPDATE agents SET search_key = lower(name);
CREATE INDEX members_to_key ON members (tenant_id) WHERE search_form = 0;
CREATE INDEX agents_to_key ON agents (tenant_id) WHERE search_form = 0;
CREATE INDEX agents_by_search_key ON agents (tenant_id, search_key, id);

-- The same key in pieces, each from another character on, so that whatever a word contains is found as the beginning of a piece.
CREATE TABLE search_terms (
  tenant_id TEXT NOT NULL,
  term TEXT NOT NULL,
  member_id TEXT NOT NULL,
  PRIMARY KEY (tenant_id, term, member_id)
) STRICT, WITHOUT ROWID;

-- A piece ends with its word, or after 16 characters. Zero bytes are only a way to count up to the length of the key.
CREATE VIEW member_terms AS
SELECT tenant_id, term, member_id FROM (
  SELECT m.tenant_id, m.id AS member_id, substr(m.search_key, p.key, instr(substr(m.search_key, p.key + 1, 15) || ' ', ' ')) AS term
  FROM members m, json_each('[0' || replace(hex(zeroblob(length(m.search_key))), '00', ',0') || ']') p
) WHERE length(term) > 1;

CREATE TRIGGER member_is_found AFTER INSERT ON members WHEN NEW.search_form > 0 BEGIN INSERT OR IGNORE INTO search_terms (tenant_id, term, member_id) SELECT tenant_id, term, member_id FROM member_terms WHERE member_id = NEW.id; END;
CREATE TRIGGER member_is_found_by_more AFTER UPDATE OF search_key, search_form ON members WHEN NEW.search_form > 0 BEGIN INSERT OR IGNORE INTO search_terms (tenant_id, term, member_id) SELECT tenant_id, term, member_id FROM member_terms WHERE member_id = NEW.id; END;
-- The pieces that the new key has as well stay.
CREATE TRIGGER member_is_found_by_other BEFORE UPDATE OF search_key ON members BEGIN DELETE FROM search_terms WHERE (tenant_id, term, member_id) IN (SELECT tenant_id, term, member_id FROM member_terms WHERE member_id = OLD.id AND NOT (length(term) = 16 AND instr(NEW.search_key, term)) AND NOT instr(NEW.search_key || ' ', term || ' ')); END;
CREATE TRIGGER member_is_not_found BEFORE DELETE ON members BEGIN DELETE FROM search_terms WHERE (tenant_id, term, member_id) IN (SELECT tenant_id, term, member_id FROM member_terms WHERE member_id = OLD.id); END;

-- Whoever writes without a key, such as the release before this one, leaves it to the Cron.
CREATE TRIGGER member_without_key AFTER INSERT ON members WHEN NEW.search_key = '' BEGIN UPDATE members SET search_key = ' ' || email_key || coalesce((SELECT ' ' || lower(u.name) FROM users u WHERE u.id = NEW.user_id), '') WHERE id = NEW.id; END;
CREATE TRIGGER member_has_other_key AFTER UPDATE OF email_key, user_id ON members WHEN NEW.search_key IS OLD.search_key AND (NEW.email_key IS NOT OLD.email_key OR EXISTS (SELECT 1 FROM users u WHERE u.id = NEW.user_id AND NEW.user_id IS NOT OLD.user_id AND u.name IS NOT NULL)) BEGIN UPDATE members SET search_form = 0 WHERE id = NEW.id; END;
CREATE TRIGGER person_has_other_key AFTER UPDATE OF name ON users WHEN NEW.name IS NOT OLD.name BEGIN UPDATE members SET search_form = 0 WHERE user_id = NEW.id; END;
CREATE TRIGGER agent_without_key AFTER INSERT ON agents WHEN NEW.search_key = '' BEGIN UPDATE agents SET search_key = lower(name) WHERE id = NEW.id; END;
CREATE TRIGGER agent_has_other_key AFTER UPDATE OF name ON agents WHEN NEW.search_key IS OLD.search_key AND NEW.name IS NOT OLD.name COLLATE BINARY BEGIN UPDATE agents SET search_form = 0 WHERE id = NEW.id; END;
