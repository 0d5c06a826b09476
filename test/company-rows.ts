/** As if the Worker had written them: of plain letters both make the same of a name. */
export const FOUND = "UPDATE members SET search_form = 1 WHERE tenant_id > '' AND search_form = 0"

const numbers = (to: number) => `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ${to - 1})`
/** As long as ids are. */
const ID = "'person-' || printf('%014d', i)"

/** 120 more people in Acme, every other one invited and not yet here, and 24 more agents. */
export const COMPANY = [
  `INSERT INTO agents (id, tenant_id, name, description, framework, deployment, tags, live, created_at)
    ${numbers(24)} SELECT 'agent-' || printf('%04d', i), 'acme', 'agent-' || printf('%04d', i), '', '', '', '[]', 1, 1 FROM n`,
  `INSERT INTO users (id, email, email_key, name, created_at)
    ${numbers(120)} SELECT 'user-' || ${ID}, ${ID} || '@acme.test', ${ID} || '@acme.test', 'Person ' || i, 1 FROM n WHERE i % 2 = 0`,
  `INSERT INTO members (id, tenant_id, user_id, email, email_key, role, status, agent_mode, created_at, joined_at, last_active_at)
    ${numbers(120)} SELECT ${ID}, 'acme', iif(i % 2 = 0, 'user-' || ${ID}, NULL), ${ID} || '@acme.test', ${ID} || '@acme.test', 'user',
      iif(i % 2 = 0, 'active', 'pending'), 'all', 1, iif(i % 2 = 0, 1, NULL), iif(i % 2 = 0, 1795000000000, NULL) FROM n`,
  `INSERT INTO invitations (id, tenant_id, member_id, kind, jti, inviter_name, state, created_at, expires_at)
    SELECT 'i-' || id, 'acme', id, 'invite', substr(id || printf('%043d', 0), 1, 43), 'Ada', 'open', 1, 9999999999999
    FROM members WHERE id GLOB 'person-*' AND status = 'pending'`,
  `INSERT INTO mails (id, tenant_id, member_id, kind, to_email, to_key, invitation_id, created_at, state)
    SELECT 'x-' || id, 'acme', id, 'invitation', email, email_key, 'i-' || id, 1795000000000, 'sent'
    FROM members WHERE id GLOB 'person-*' AND status = 'pending'`,
  FOUND,
]
