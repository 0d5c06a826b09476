import { PATHS } from './paths.ts'
import { pageOf } from './person-stage.ts'
import type { Open } from './stage.ts'

/** Somebody's account with these ways to sign in: statements over their address. */
const account = (...statements: string[]) => pageOf(PATHS.account, ...statements)

const NUMBERS = (most: number) =>
  `(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${most}) SELECT i FROM n)`
const DAYS = 'i * 86400000'

const passkeys = (
  count: number,
) => `INSERT INTO credentials (id, user_id, kind, secret, name, details, created_at, changed_at, last_used_at)
  SELECT u.id || i, u.id, 'passkey', 'key', CASE i % 3 WHEN 0 THEN 'YubiKey 5C in the drawer at home' WHEN 1 THEN 'MacBook Pro' END,
    '{"transports":["internal"],"backedUp":' || (i % 2) || '}', c.created_at - ${DAYS}, c.created_at - ${DAYS}, iif(i % 4, c.created_at, NULL)
  FROM users u JOIN credentials c ON c.user_id = u.id AND c.kind = 'password', ${NUMBERS(count)} WHERE u.email_key = ?`

const APP = `INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at, last_used_at)
  SELECT 'app' || id, id, 'totp', 'sealed', created_at, created_at, created_at FROM users WHERE email_key = ?`

const codes = (count: number) => `INSERT INTO credentials (id, user_id, kind, secret, created_at, changed_at)
  SELECT 'code' || i || id, id, 'recovery', 'hash' || i, created_at, created_at FROM users, ${NUMBERS(count)} WHERE email_key = ?`

const NO_PASSWORD = `DELETE FROM credentials WHERE kind = 'password' AND user_id = (SELECT id FROM users WHERE email_key = ?)`

const SESSIONS = `INSERT INTO sessions (id, secret_hash, user_id, user_agent, ip, created_at, last_seen_at, expires_at, factor)
  SELECT lower(hex(randomblob(8))), lower(hex(randomblob(32))), s.user_id, CASE i % 3 WHEN 0 THEN 'Mozilla/5.0 (iPhone) Safari/605.1' WHEN 1 THEN 'Mozilla/5.0 (Windows NT 10.0) Edg/130'
      ELSE 'curl/8' END, iif(i % 2, '198.51.100.24', '2001:db8:1234:5678:9abc:def0:1234:5678'), s.created_at - i * 600000, s.created_at - i * 60000, s.expires_at,
    CASE i % 4 WHEN 0 THEN 'passkey' WHEN 1 THEN 'totp' WHEN 2 THEN 'recovery' END
  FROM sessions s JOIN users u ON u.id = s.user_id, ${NUMBERS(9)} WHERE u.email_key = ?`

const BROWSERS = `INSERT INTO known_browsers (user_id, id, browser_hash, user_agent, ip, created_at, last_used_at)
  SELECT s.user_id, lower(hex(randomblob(8))), lower(hex(randomblob(32))), 'Mozilla/5.0 (Macintosh; Intel Mac OS X) Firefox/140', iif(i % 2, '198.51.100.24', '2001:db8:1234:5678:9abc:def0:1234:5678'),
    s.created_at - ${DAYS}, s.created_at - ${DAYS} / 2
  FROM sessions s JOIN users u ON u.id = s.user_id, ${NUMBERS(20)} WHERE u.email_key = ?`

/** The account with as little and as much in it as there can be. */
export const ACCOUNTS: Record<string, Open> = {
  'account, only a password': account(),
  'account, only a passkey': account(passkeys(1), codes(10), NO_PASSWORD),
  'account, app': account(APP, codes(10)),
  'account, few codes': account(APP, codes(2)),
  'account, no codes': account(APP),
  'account, everything': account(passkeys(20), APP, codes(10), SESSIONS, BROWSERS),
}
