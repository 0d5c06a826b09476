-- When each Cron last came to its end: whoever watches the deployment reads here that it has stopped.
CREATE TABLE cron_runs (
  cron TEXT PRIMARY KEY,
  at INTEGER NOT NULL
) STRICT;
