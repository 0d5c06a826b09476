-- Keys of addresses fold full-width signs into plain ones now, and drop selectors of variants. Where somebody else has the plain spelling
-- already, both stay as they are. Zero bytes are only a way to count up to the length of the key.
UPDATE OR IGNORE users SET email_key = (
  SELECT group_concat(CASE WHEN u BETWEEN 65281 AND 65374 THEN lower(char(u - 65248)) WHEN u BETWEEN 65024 AND 65039 THEN '' ELSE char(u) END, '')
  FROM (
    SELECT unicode(substr(email_key, p.key, 1)) AS u FROM json_each('[0' || replace(hex(zeroblob(length(email_key))), '00', ',0') || ']') p WHERE p.key > 0
  )
) WHERE email_key GLOB '*[' || char(65281) || '-' || char(65374) || ']*' OR email_key GLOB '*[' || char(65024) || '-' || char(65039) || ']*';
UPDATE OR IGNORE members SET email_key = (
  SELECT group_concat(CASE WHEN u BETWEEN 65281 AND 65374 THEN lower(char(u - 65248)) WHEN u BETWEEN 65024 AND 65039 THEN '' ELSE char(u) END, '')
  FROM (
    SELECT unicode(substr(email_key, p.key, 1)) AS u FROM json_each('[0' || replace(hex(zeroblob(length(email_key))), '00', ',0') || ']') p WHERE p.key > 0
  )
) WHERE email_key GLOB '*[' || char(65281) || '-' || char(65374) || ']*' OR email_key GLOB '*[' || char(65024) || '-' || char(65039) || ']*';
UPDATE OR IGNORE mails SET to_key = (
  SELECT group_concat(CASE WHEN u BETWEEN 65281 AND 65374 THEN lower(char(u - 65248)) WHEN u BETWEEN 65024 AND 65039 THEN '' ELSE char(u) END, '')
  FROM (
    SELECT unicode(substr(to_key, p.key, 1)) AS u FROM json_each('[0' || replace(hex(zeroblob(length(to_key))), '00', ',0') || ']') p WHERE p.key > 0
  )
) WHERE to_key GLOB '*[' || char(65281) || '-' || char(65374) || ']*' OR to_key GLOB '*[' || char(65024) || '-' || char(65039) || ']*';
UPDATE OR IGNORE suppressions SET email_key = (
  SELECT group_concat(CASE WHEN u BETWEEN 65281 AND 65374 THEN lower(char(u - 65248)) WHEN u BETWEEN 65024 AND 65039 THEN '' ELSE char(u) END, '')
  FROM (
    SELECT unicode(substr(email_key, p.key, 1)) AS u FROM json_each('[0' || replace(hex(zeroblob(length(email_key))), '00', ',0') || ']') p WHERE p.key > 0
  )
) WHERE email_key GLOB '*[' || char(65281) || '-' || char(65374) || ']*' OR email_key GLOB '*[' || char(65024) || '-' || char(65039) || ']*';
