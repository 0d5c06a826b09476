import type { OwnWays } from '../../src/models/identity/own-credentials'
import type { PasswordProblem } from '../../src/models/identity/password-rules'
import type { OwnSession, Person } from '../../src/models/identity/session'

export type AccountProblem =
  | { field: 'current'; problem: 'wrong' }
  | { field: 'current'; problem: 'too_many_tries'; retryAt: number }
  | { field: 'password'; problem: PasswordProblem }
  | { field: 'address'; problem: 'too_many_tries'; retryAt: number }

export type AccountProps = {
  person: Pick<Person, 'name' | 'email' | 'provedAt'>
  sessions: OwnSession[]
  ways: OwnWays
  now: number
  problem: AccountProblem | undefined
}
