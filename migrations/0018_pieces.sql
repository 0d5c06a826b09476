-- What people are found by, in fewer rows: a piece begins in a name or before the @ of an address, never in a domain, which most people share.
-- Of a person, from each place of a word on at which something that is looked for can begin, at the beginning of a word with the space before it.
CREATE TABLE search_pieces (
  tenant_id TEXT NOT NULL,
  piece TEXT NOT NULL,
  email_key TEXT NOT NULL,
  PRIMARY KEY (tenant_id, piece, email_key)
) STRICT, WITHOUT ROWID;

-- Whose words end in which domain, from the @ on.
CREATE TABLE member_domains (
  tenant_id TEXT NOT NULL,
  domain TEXT NOT NULL,
  email_key TEXT NOT NULL,
  PRIMARY KEY (tenant_id, domain, email_key)
) STRICT, WITHOUT ROWID;

-- The pieces of a domain, once for everyone who has it.
CREATE TABLE domain_pieces (
  tenant_id TEXT NOT NULL,
  piece TEXT NOT NULL,
  domain TEXT NOT NULL,
  PRIMARY KEY (tenant_id, piece, domain)
) STRICT, WITHOUT ROWID;

-- What a person is found by begins with the address. A domain is what is from the @ of a word on.
CREATE VIEW member_words AS
SELECT m.tenant_id, m.id AS member_id, m.email_key, w.key AS nth, w.value AS word, instr(w.value, '@') AS at,
  substr(m.search_key, 1, instr(substr(m.search_key, 2) || ' ', ' ')) AS address
FROM members m, json_each('[' || replace(json_quote(m.search_key), ' ', '","') || ']') w
WHERE w.value <> '';

-- A piece has at most 16 characters. What the address finds already needs none, and one or two letters are looked for only at the beginning of
-- a word. Zero bytes are only a way to count up.
CREATE VIEW member_pieces AS
SELECT tenant_id, member_id, email_key, piece FROM (
  SELECT w.tenant_id, w.member_id, w.email_key, w.nth, w.address, iif(p.key = 0, substr(' ' || w.word, 1, 16), substr(w.word, p.key + 1, 16)) AS piece
  FROM member_words w, json_each('[0' || replace(hex(zeroblob(iif(w.at > 0, w.at, length(w.word) + 1) - 2)), '00', ',0') || ']') p
)
WHERE (nth = 1 OR instr(address, piece) NOT BETWEEN 1 AND instr(address || '@', '@') - 1)
  AND (piece GLOB ' *' OR length(piece) > 1 AND length(CAST(piece AS BLOB)) > 2);

DROP TRIGGER member_is_found;
DROP TRIGGER member_is_found_by_more;
DROP TRIGGER member_is_found_by_other;
DROP TRIGGER member_is_not_found;
DROP TABLE search_terms;
-- What the release before this one searches, until it is replaced.
CREATE VIEW search_terms AS SELECT tenant_id, term, member_id FROM member_terms;

CREATE TRIGGER domain_is_found AFTER INSERT ON member_domains WHEN NOT EXISTS (SELECT 1 FROM domain_pieces WHERE tenant_id = NEW.tenant_id AND piece = substr(NEW.domain, 1, 16) AND domain = NEW.domain) BEGIN INSERT OR IGNORE INTO domain_pieces (tenant_id, piece, domain) SELECT NEW.tenant_id, substr(NEW.domain, p.key + 1, 16), NEW.domain FROM json_each('[0' || replace(hex(zeroblob(length(NEW.domain) - 1)), '00', ',0') || ']') p WHERE p.key = 0 OR p.key < length(NEW.domain) - 1 AND length(CAST(substr(NEW.domain, p.key + 1, 16) AS BLOB)) > 2; END;
CREATE TRIGGER domain_is_not_found AFTER DELETE ON member_domains WHEN NOT EXISTS (SELECT 1 FROM member_domains WHERE tenant_id = OLD.tenant_id AND domain = OLD.domain) BEGIN DELETE FROM domain_pieces WHERE tenant_id = OLD.tenant_id AND domain = OLD.domain AND piece IN (SELECT substr(OLD.domain, p.key + 1, 16) FROM json_each('[0' || replace(hex(zeroblob(length(OLD.domain) - 1)), '00', ',0') || ']') p); END;

INSERT INTO search_pieces (tenant_id, piece, email_key) SELECT DISTINCT tenant_id, piece, email_key FROM member_pieces ORDER BY 1, 2, 3;
INSERT INTO member_domains (tenant_id, domain, email_key) SELECT DISTINCT tenant_id, substr(word, at), email_key FROM member_words WHERE at > 0 ORDER BY 1, 2, 3;

CREATE TRIGGER member_is_found AFTER INSERT ON members WHEN NEW.search_form > 0 BEGIN INSERT OR IGNORE INTO search_pieces (tenant_id, piece, email_key) SELECT tenant_id, piece, email_key FROM member_pieces WHERE member_id = NEW.id; INSERT OR IGNORE INTO member_domains (tenant_id, domain, email_key) SELECT tenant_id, substr(word, at), email_key FROM member_words WHERE member_id = NEW.id AND at > 0; END;
CREATE TRIGGER member_is_found_by_more AFTER UPDATE OF search_key, search_form ON members WHEN NEW.search_form > 0 BEGIN INSERT OR IGNORE INTO search_pieces (tenant_id, piece, email_key) SELECT tenant_id, piece, email_key FROM member_pieces WHERE member_id = NEW.id; INSERT OR IGNORE INTO member_domains (tenant_id, domain, email_key) SELECT tenant_id, substr(word, at), email_key FROM member_words WHERE member_id = NEW.id AND at > 0; END;
-- What the new key has as well stays. One that only goes on after the old one has all of it.
CREATE TRIGGER member_is_found_by_other AFTER UPDATE OF search_key, email_key ON members WHEN NEW.email_key <> OLD.email_key OR substr(NEW.search_key || ' ', 1, length(OLD.search_key) + 1) <> OLD.search_key || ' ' BEGIN DELETE FROM search_pieces WHERE tenant_id = OLD.tenant_id AND email_key = OLD.email_key AND piece IN (SELECT substr(OLD.search_key, p.key, instr(substr(OLD.search_key, p.key + 1, 15) || ' ', ' ')) FROM json_each('[0' || replace(hex(zeroblob(length(OLD.search_key))), '00', ',0') || ']') p EXCEPT SELECT piece FROM member_pieces WHERE member_id = NEW.id AND email_key = OLD.email_key); DELETE FROM member_domains WHERE tenant_id = OLD.tenant_id AND email_key = OLD.email_key AND domain IN (SELECT substr(w.value, instr(w.value, '@')) FROM json_each('[' || replace(json_quote(OLD.search_key), ' ', '","') || ']') w WHERE instr(w.value, '@') EXCEPT SELECT substr(word, at) FROM member_words WHERE member_id = NEW.id AND email_key = OLD.email_key AND at > 0); END;
CREATE TRIGGER member_is_not_found BEFORE DELETE ON members BEGIN DELETE FROM search_pieces WHERE (tenant_id, piece, email_key) IN (SELECT tenant_id, piece, email_key FROM member_pieces WHERE member_id = OLD.id); DELETE FROM member_domains WHERE (tenant_id, domain, email_key) IN (SELECT tenant_id, substr(word, at), email_key FROM member_words WHERE member_id = OLD.id AND at > 0); END;
