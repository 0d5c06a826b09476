-- The people a job is about, as they were when it was begun. left_for says why somebody was left as they are.
CREATE TABLE job_people (
  job_id TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  member_id TEXT NOT NULL,
  state TEXT,
  left_for TEXT,
  PRIMARY KEY (job_id, member_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX job_people_left ON job_people (job_id, left_for, member_id) WHERE left_for IS NOT NULL;
