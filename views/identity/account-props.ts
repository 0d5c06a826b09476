import type { OwnApp } from '../../src/models/apps/own-apps'
import type { KnownBrowser } from '../../src/models/identity/known-browser'
import type { OwnWays } from '../../src/models/identity/own-credentials'
import type { PasswordProblem } from '../../src/models/identity/password-rules'
import type { OwnSession, Person } from '../../src/models/identity/session'
import type { PasskeyProblem } from './passkeys-panel'

export type AccountProblem =
  | { field: 'current'; problem: 'wrong' }
  | { field: 'current'; problem: 'too_many_tries'; retryAt: number }
  | { field: 'password'; problem: PasswordProblem }
  | { field: 'address'; problem: 'too_many_tries'; retryAt: number }
  | { field: 'passkeys'; problem: PasskeyProblem }
  | { field: 'factors'; problem: FactorRefusal; workspace?: string }

/** `asked_for`: the last one, while the workspace asks for one. `only_way_in`: the last passkey without a password. `gone`: it was removed meanwhile. */
export type FactorRefusal = 'asked_for' | 'only_way_in' | 'gone' | 'codes_changed' | 'no_factor'

export type OwnBrowser = Pick<KnownBrowser, 'id' | 'userAgent' | 'ip' | 'createdAt' | 'lastUsedAt'> & { current: boolean }

export type AccountProps = {
  person: Pick<Person, 'name' | 'email' | 'provedAt' | 'factors' | 'fresh'>
  sessions: OwnSession[]
  browsers: OwnBrowser[]
  apps: OwnApp[]
  ways: OwnWays
  /** The workspace that asks for a second factor soonest, and from when on (ms). */
  asking: { tenantName: string; dueAt: number } | undefined
  now: number
  problem: AccountProblem | undefined
  /** The password's form is open: they have just proven who they are for it. */
  opens: boolean
}
