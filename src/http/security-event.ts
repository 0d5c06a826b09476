/**
 * What a request means to whoever looks for attacks, in the words of OWASP's Logging Vocabulary
 * (https://cheatsheetseries.owasp.org/cheatsheets/Logging_Vocabulary_Cheat_Sheet.html). A route that knows better notes its own.
 */
export const securityEventOf = (action: string, status: number): string | undefined =>
  status < 400 ? (DONE[action] ?? (OF_ADMINS.test(action) ? 'authz_admin' : undefined)) : refusalOf(status)

const DONE: Partial<Record<string, string>> = {
  'POST /setup': 'user_created',
  'POST /logout': 'session_expired',
  'POST /oauth/token': 'authn_token_created',
  'POST /oauth/revoke': 'authn_token_revoked',
  'POST /oauth/consent': 'authz_change',
  'POST /oauth/sign-out': 'session_expired',
  'POST /forgot-password': 'authn_token_created',
  'POST /invitation/:link/decline': 'authn_token_revoked',
  'POST /account/name': 'user_updated',
  'POST /account/confirm': 'authn_token_created',
  'POST /account/authenticator-app': 'user_updated',
  'POST /account/passkeys': 'user_updated',
  'POST /account/passkeys/:id/name': 'user_updated',
  'POST /account/passkeys/:id/remove': 'user_updated',
  'POST /account/authenticator-app/remove': 'user_updated',
  'POST /account/recovery-codes': 'user_updated',
  'POST /account/second-factor/link': 'authn_token_created',
  'POST /account/browsers/:id/forget': 'user_updated',
  'POST /account/sign-out': 'session_expired',
  'POST /account/apps/:app/sign-out': 'session_expired',
  'POST /account/apps/:app/withdraw': 'authn_token_revoked',
  'POST /account/sessions/:id/end': 'session_expired',
  'POST /w/:workspace/leave': 'user_deleted',
  'POST /w/:workspace/access/users/:id/delete': 'user_deleted',
  'POST /w/:workspace/access/users/:id/disable': 'user_archived',
  'POST /w/:workspace/access/users/:id/enable': 'user_updated',
  'POST /w/:workspace/access/users/:id/sign-out': 'session_expired',
  'POST /w/:workspace/access/users/:id/apps/:app/sign-out': 'session_expired',
  'POST /w/:workspace/access/users/:id/reset-factor': 'authn_token_created',
  'POST /w/:workspace/access/users/:id/copy-link': 'authn_token_created',
  'POST /w/:workspace/access/users/:id/role': 'authz_change',
  'POST /w/:workspace/access/requests/:id/approve': 'user_created',
  'POST /w/:workspace/access/requests/apps/:member/:app/approve': 'authz_change',
  'POST /w/:workspace/access/users/:id/preset': 'authz_change',
  'POST /w/:workspace/access/users/:id/end-date': 'user_updated',
  'POST /w/:workspace/access/presets/:id/realign': 'authz_change',
  'POST /w/:workspace/access/permissions/:id': 'authz_change',
  'POST /w/:workspace/access/permissions/columns': 'authz_change',
  'POST /w/:workspace/access/permissions/defaults': 'authz_change',
  'POST /w/:workspace/access/agents/:id': 'authz_change',
  'POST /w/:workspace/access/agents/:id/edit': 'authz_change',
  'POST /w/:workspace/access/agents/columns': 'authz_change',
  'POST /w/:workspace/access/apps': 'authn_token_created',
  'POST /w/:workspace/access/apps/:id': 'authz_change',
  'POST /w/:workspace/access/apps/:id/secret': 'authn_token_created',
  'POST /w/:workspace/access/apps/:id/former-secret': 'authn_token_revoked',
  'POST /w/:workspace/access/apps/:id/consent': 'authz_change',
  'POST /w/:workspace/access/apps/:id/disconnect': 'authn_token_revoked',
}

/** Whatever else an admin changes. */
const OF_ADMINS = /^POST \/w\/:workspace\/(access|agents)(\/|$)/

function refusalOf(status: number) {
  if (status >= 500) return 'sys_crash'
  if (status === 401 || status === 403) return 'authz_fail'
  if (status === 400 || status === 413) return 'input_validation_fail'
  return status === 429 ? 'excess_rate_limit_exceeded' : undefined
}
