import { expect, it } from 'vitest'
import { patternOf, posters } from '../../test/routes'
import { securityEventOf } from './security-event'

/** Their routes say what came of them, which no status tells. */
const NOTED = [
  'POST /login',
  'POST /login/second-step',
  'POST /login/passkey',
  'POST /reset-password/:link',
  'POST /second-factor/:link',
  'POST /second-factor/:link/authenticator-app',
  'POST /second-factor/:link/passkey',
  'POST /invitation/:link/accept',
  'POST /account/password',
  'POST /account/password/first',
  'POST /confirm',
  'POST /join/:link',
  'POST /join/confirm/:link/join',
  'POST /join/confirm/:link/ask',
  'POST /join/confirm/:link/invitation',
]
/** They change nothing of who may do what. */
const HARMLESS = ['opened', 'passkey', 'allow', 'renew', 'notices', 'download', 'options', 'ask']

const isEvent = (action: string) => !NOTED.includes(action) && !HARMLESS.some((end) => action.endsWith(`/${end}`))

it.each([...new Set(posters.map(patternOf))].filter(isEvent))('%s is an event of security', (action) => {
  expect(securityEventOf(action, 303)).toMatch(/^(authn|authz|session|user)_[a-z_]+$/)
})

it.each([
  ['POST /w/:workspace/access/users/:id/role', 303, 'authz_change'],
  ['POST /w/:workspace/access/agents/:id/edit', 200, 'authz_change'],
  ['POST /w/:workspace/access/settings', 303, 'authz_admin'],
  ['POST /w/:workspace/access/users/:id/role', 403, 'authz_fail'],
  ['POST /account/name', 401, 'authz_fail'],
  ['POST /account/name', 400, 'input_validation_fail'],
  ['POST /account/name', 413, 'input_validation_fail'],
  ['POST /login', 429, 'excess_rate_limit_exceeded'],
  ['GET /account', 503, 'sys_crash'],
  ['GET /account', 200, undefined],
  ['GET /account', 404, undefined],
])('%s answered with %i is %s', (action, status, event) => {
  expect(securityEventOf(action, status)).toBe(event)
})
