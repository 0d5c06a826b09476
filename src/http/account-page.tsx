import type { Context } from 'hono'
import { AccountPage } from '../../views/identity/account'
import type { AccountProblem, AccountProps } from '../../views/identity/account-props'
import type { AppEnv } from '../env'
import { type OwnCredential, sorted } from '../models/identity/own-credentials'

type Entered = Omit<AccountProps, 'problem' | 'ways'> & { credentials: OwnCredential[] }

/** The page of whoever `enterAsPerson(c, accountPage)` let in. */
export function showAccount(c: Context<AppEnv>, { person, sessions, credentials, now }: Entered, problem?: AccountProblem) {
  if (problem && problem.problem !== 'too_many_tries') c.status(422)
  return c.render(<AccountPage {...{ person, sessions, ways: sorted(credentials), now, problem }} />, { title: 'Account' })
}
