-- A review of who has access: everybody as they were when it was started, and what was decided about each. It outlives the people in it.
CREATE TABLE reviews (
  tenant_id TEXT NOT NULL REFERENCES tenants (id) ON DELETE CASCADE,
  id TEXT NOT NULL,
  state TEXT NOT NULL,
  role TEXT,
  status TEXT,
  people INTEGER NOT NULL DEFAULT 0,
  started_at INTEGER NOT NULL,
  started_by TEXT NOT NULL,
  finished_at INTEGER,
  finished_by TEXT,
  job_id TEXT,
  PRIMARY KEY (tenant_id, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX reviews_by_time ON reviews (tenant_id, started_at, id);

-- place is the number in the order of addresses. shown is what a removal compares the person with: role, status, sections, agents by their ids.
CREATE TABLE review_people (
  tenant_id TEXT NOT NULL,
  review_id TEXT NOT NULL,
  place INTEGER NOT NULL,
  member_id TEXT NOT NULL,
  email TEXT NOT NULL,
  email_key TEXT NOT NULL,
  name TEXT,
  role TEXT NOT NULL,
  status TEXT NOT NULL,
  shown TEXT NOT NULL CHECK (json_valid(shown)),
  agents TEXT NOT NULL CHECK (json_valid(agents)),
  verdict TEXT NOT NULL DEFAULT 'undecided',
  left_for TEXT,
  decided_by TEXT,
  decided_at INTEGER,
  PRIMARY KEY (tenant_id, review_id, place),
  FOREIGN KEY (tenant_id, review_id) REFERENCES reviews (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE INDEX review_people_by_verdict ON review_people (tenant_id, review_id, verdict, place);
CREATE INDEX review_people_invited ON review_people (tenant_id, member_id) WHERE status = 'pending';

-- How many people of a review have each verdict. Whoever is undecided is counted by the review itself, with the people who are in it.
CREATE TABLE review_counts (
  tenant_id TEXT NOT NULL,
  review_id TEXT NOT NULL,
  verdict TEXT NOT NULL,
  people INTEGER NOT NULL CHECK (people >= 0),
  PRIMARY KEY (tenant_id, review_id, verdict),
  FOREIGN KEY (tenant_id, review_id) REFERENCES reviews (tenant_id, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

CREATE TRIGGER verdict_changes AFTER UPDATE OF verdict ON review_people WHEN NEW.verdict <> OLD.verdict BEGIN UPDATE review_counts SET people = people - 1 WHERE tenant_id = OLD.tenant_id AND review_id = OLD.review_id AND verdict = OLD.verdict; INSERT INTO review_counts (tenant_id, review_id, verdict, people) SELECT NEW.tenant_id, NEW.review_id, NEW.verdict, 1 WHERE NEW.verdict <> 'undecided' ON CONFLICT (tenant_id, review_id, verdict) DO UPDATE SET people = people + 1; END;

-- Of somebody who never joined the log forgets the address, and so does a review.
CREATE TRIGGER reviewed_person_is_forgotten AFTER UPDATE OF member_email ON activity WHEN NEW.member_email IS NOT OLD.member_email AND coalesce(NEW.member_email, '') = '' BEGIN UPDATE review_people SET email = '', email_key = '', name = NULL WHERE tenant_id = NEW.tenant_id AND member_id = NEW.member_id AND status = 'pending'; END;
