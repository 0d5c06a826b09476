/** What must never be found, whatever has happened; the words are those of the rules. */
export const NEVER = {
  'two members of one address': 'SELECT tenant_id FROM members GROUP BY tenant_id, email_key HAVING count(*) > 1',
  'a member of another address than their account': `SELECT m.id FROM members m JOIN users u ON u.id = m.user_id
    WHERE u.email_key <> m.email_key`,
  'two open invitations of one member': "SELECT 1 FROM invitations WHERE state = 'open' GROUP BY member_id HAVING count(*) > 1",
  'a pending member without an open invitation': `SELECT id FROM members m WHERE status = 'pending'
    AND NOT EXISTS (SELECT 1 FROM invitations i WHERE i.member_id = m.id AND i.state = 'open')`,
  'an open invitation of somebody who is not pending': `SELECT i.id FROM invitations i LEFT JOIN members m ON m.id = i.member_id
    WHERE i.state = 'open' AND m.status IS NOT 'pending'`,
  'a member who accepted twice': "SELECT 1 FROM activity WHERE kind = 'accepted' GROUP BY member_id HAVING count(*) > 1",
  'an invitation without a mail':
    'SELECT id FROM invitations i WHERE NOT EXISTS (SELECT 1 FROM mails x WHERE x.invitation_id = i.id)',
  'an invitation mailed to an address that cannot be emailed': `SELECT x.id FROM mails x
    JOIN suppressions s ON s.email_key = x.to_key AND s.tenant_id IN ('', x.tenant_id)
    WHERE x.invitation_id IS NOT NULL AND x.created_at > s.at`,
  'two open resets of one account': "SELECT 1 FROM password_resets WHERE state = 'open' GROUP BY user_id HAVING count(*) > 1",
  'an open reset that is not the newest': `SELECT r.id FROM password_resets r JOIN password_resets n
    ON n.user_id = r.user_id AND n.created_at > r.created_at WHERE r.state = 'open'`,
  'a workspace without an active admin': `SELECT id FROM tenants t
    WHERE NOT EXISTS (SELECT 1 FROM members m WHERE m.tenant_id = t.id AND m.role = 'admin' AND m.status = 'active')`,
  'an account without a password': 'SELECT id FROM users u WHERE NOT EXISTS (SELECT 1 FROM credentials c WHERE c.user_id = u.id)',
  'an address that is proven without a link to it': `SELECT id FROM users u WHERE proved_at > created_at AND NOT EXISTS (
    SELECT 1 FROM mails x LEFT JOIN invitations i ON i.id = x.invitation_id LEFT JOIN password_resets r ON r.id = x.password_reset_id
    WHERE x.to_key = u.email_key AND (i.state = 'accepted' AND i.closed_at = u.proved_at OR r.state = 'used' AND r.closed_at = u.proved_at))`,
  'an account that was proven when it was made, with no link to it accepted': `SELECT id FROM users u
    WHERE proved_at = created_at AND email_key NOT IN ('ada@acme.test', 'cat@globex.test')
    AND NOT EXISTS (SELECT 1 FROM mails x JOIN invitations i ON i.id = x.invitation_id
      WHERE x.to_key = u.email_key AND i.state = 'accepted' AND i.closed_at = u.created_at)`,
  'an unproven account in two workspaces': `SELECT u.id FROM users u JOIN members m ON m.user_id = u.id
    WHERE u.proved_at IS NULL GROUP BY u.id HAVING count(*) > 1`,
  'a session from before its address was proven': `SELECT s.id FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE u.proved_at > u.created_at AND s.created_at < u.proved_at`,
  'a password from before its address was proven': `SELECT u.id FROM users u JOIN credentials c ON c.user_id = u.id
    WHERE u.proved_at > u.created_at AND c.created_at < u.proved_at`,
  'an open reset from before its address was proven': `SELECT u.id FROM users u JOIN password_resets r ON r.user_id = u.id
    WHERE u.proved_at > u.created_at AND r.state = 'open' AND r.created_at < u.proved_at`,
  "a visit by somebody else's session": `SELECT 1 FROM visits v JOIN sessions s ON s.id = v.session_id JOIN members m ON m.id = v.member_id
    WHERE s.user_id IS NOT m.user_id`,
  'a visit by a session from before its member was shut out': `SELECT 1 FROM visits v JOIN sessions s ON s.id = v.session_id
    JOIN members m ON m.id = v.member_id WHERE s.created_at < m.valid_from AND v.last_at >= m.valid_from`,
  'a visit by a session from before its person went': `SELECT 1 FROM visits v JOIN sessions s ON s.id = v.session_id
    JOIN departures d ON d.user_id = s.user_id AND d.tenant_id = v.tenant_id WHERE s.created_at <= d.at`,
}
